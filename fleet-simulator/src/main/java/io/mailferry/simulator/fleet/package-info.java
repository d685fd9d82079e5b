/**
 * The fleet: its definition as a file, and the servers that run from it. It makes mailboxes and listeners; it answers no
 * request itself.
 */
@NullMarked
package io.mailferry.simulator.fleet;

import org.jspecify.annotations.NullMarked;
