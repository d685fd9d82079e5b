/**
 * Whether an agent keeps the protocol, as seen on its line to a real gateway: what it says is recorded, and some answers are
 * replaced by ones that a gateway gives rarely. Never looks into the agent itself.
 */
@NullMarked
package io.mailferry.simulator.conformance;

import org.jspecify.annotations.NullMarked;
