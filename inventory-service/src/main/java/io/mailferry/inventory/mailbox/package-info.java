/** Mailboxes, found by agents or registered by hand. Their identity is random, bound to the Exchange GUID once it is known. */
@NullMarked
package io.mailferry.inventory.mailbox;

import org.jspecify.annotations.NullMarked;
