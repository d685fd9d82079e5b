/** Backup sets as agents report them, with their mailboxes' figures. Never decides on their risk. */
@NullMarked
package io.mailferry.inventory.backupset;

import org.jspecify.annotations.NullMarked;
