/** Carries committed events from the outbox table to Kafka, in order, at least once. */
@NullMarked
package io.mailferry.messaging.outbox;

import org.jspecify.annotations.NullMarked;
