/** Wires planner-service: what arrives from Kafka goes to the fleet, then to the risk, then to the plans, in one transaction. Decides nothing itself. */
@NullMarked
package io.mailferry.planner;

import org.jspecify.annotations.NullMarked;
