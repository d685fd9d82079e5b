/** What a server does wrong on purpose, for how many requests. It decides; carrying it out is the endpoint's. */
@NullMarked
package io.mailferry.simulator.fault;

import org.jspecify.annotations.NullMarked;
