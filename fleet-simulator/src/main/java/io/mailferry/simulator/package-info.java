/** The program: reads a fleet file, starts the servers and the control endpoint, and says when they listen. */
@NullMarked
package io.mailferry.simulator;

import org.jspecify.annotations.NullMarked;
