/**
 * The mailbox log: its entries, the state they add up to, and appending by conditional PUT.
 * The only place where anything is committed.
 */
@NullMarked
package io.mailferry.archive.log;

import org.jspecify.annotations.NullMarked;
