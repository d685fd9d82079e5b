/** The control endpoint: what the fleet is, what is true of it, and what is to happen to it. For tests and the demo only. */
@NullMarked
package io.mailferry.simulator.control;

import org.jspecify.annotations.NullMarked;
