/** Takes events from Kafka into transactions: each effect once, bad input to the dead-letter topic, outages waited out. */
@NullMarked
package io.mailferry.messaging.inbox;

import org.jspecify.annotations.NullMarked;
