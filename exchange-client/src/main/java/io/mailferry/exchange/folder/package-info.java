/** Folders of a mailbox: which there are, what changed among them, how many items each holds. Never reads an item. */
@NullMarked
package io.mailferry.exchange.folder;

import org.jspecify.annotations.NullMarked;
