/**
 * A mailbox: its folders, which items are in them, and what changed since. Content is generated when asked for; what is held
 * is one small record for each item that ever changed. It never speaks EWS.
 */
@NullMarked
package io.mailferry.simulator.mailbox;

import org.jspecify.annotations.NullMarked;
