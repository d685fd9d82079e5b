/** What will have to move before anything does: mailboxes and their sizes, and what is not covered. Never addresses. */
@NullMarked
package io.mailferry.inventory.statistic;

import org.jspecify.annotations.NullMarked;
