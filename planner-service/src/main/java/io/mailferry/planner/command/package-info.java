/** Commands that were issued, what became of each, and when one has waited long enough. Never knows why one was wanted. */
@NullMarked
package io.mailferry.planner.command;

import org.jspecify.annotations.NullMarked;
