/**
 * Tells what changed in the inventory: the event for the other services and, in the same transaction, the row for the
 * operators, with who said so. Never decides what is a change, and never keeps an address.
 */
@NullMarked
package io.mailferry.inventory.history;

import org.jspecify.annotations.NullMarked;
