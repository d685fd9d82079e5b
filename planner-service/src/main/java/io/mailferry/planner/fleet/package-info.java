/** What exists, as inventory-service tells it: servers, agents, backup sets, mailboxes, endpoints, and the newest restore point heard of. Never decides and never commands. */
@NullMarked
package io.mailferry.planner.fleet;

import org.jspecify.annotations.NullMarked;
