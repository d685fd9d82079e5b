/**
 * Carries a simulated fleet through its transition and holds what was stored and verified against the simulator's own
 * truth. Sees the services through their REST only, as an operator does.
 */
@NullMarked
package io.mailferry.stack.demo;

import org.jspecify.annotations.NullMarked;
