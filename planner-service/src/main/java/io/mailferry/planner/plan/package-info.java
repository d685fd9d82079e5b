/** How each MAPI set that needs it gets through its transition: plans, their steps and what each step waits for. Sends commands, never carries one out. */
@NullMarked
package io.mailferry.planner.plan;

import org.jspecify.annotations.NullMarked;
