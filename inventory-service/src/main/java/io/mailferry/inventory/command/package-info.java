/** The planner's commands for agents, from the topic to the heartbeat's answer and their results back. Never decides what should happen. */
@NullMarked
package io.mailferry.inventory.command;

import org.jspecify.annotations.NullMarked;
