/** Tests of the look at an agent's line, with a right and a wrong agent. */
@NullMarked
package io.mailferry.simulator.conformance;

import org.jspecify.annotations.NullMarked;
