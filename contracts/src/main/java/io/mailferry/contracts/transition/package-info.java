/** What the planner commands, and what became of each command. */
@NullMarked
package io.mailferry.contracts.transition;

import org.jspecify.annotations.NullMarked;
