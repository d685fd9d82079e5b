/**
 * The vendor's agents beside the servers, as if they spoke Mailferry's protocol: they enrol, report, carry out commands and
 * keep a journal. They know nothing of the services' insides.
 */
@NullMarked
package io.mailferry.simulator.agent;

import org.jspecify.annotations.NullMarked;
