/**
 * Measures what one machine bears: loads the real parts and says what came of it beside what was wanted. Decides nothing
 * for others; a figure that is missed is printed, never hidden.
 */
@NullMarked
package io.mailferry.stack.bench;

import org.jspecify.annotations.NullMarked;
