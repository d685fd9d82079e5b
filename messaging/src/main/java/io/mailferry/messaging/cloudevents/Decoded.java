package io.mailferry.messaging.cloudevents;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.EventId;
import java.time.Instant;

/** What a Kafka record turned out to be. */
public sealed interface Decoded {
    /** An event of the contracts; consumers remember {@code id} to take its effect once. */
    record Known(EventId id, Instant time, Event event) implements Decoded {}

    /** No event of the contracts, in words that may be logged. */
    record Unreadable(Reason reason) implements Decoded {}

    enum Reason {
        UNKNOWN_TOPIC,
        NOT_A_CLOUD_EVENT,
        UNKNOWN_TYPE,
        BODY_MISSING,
        BODY_UNREADABLE,
        TENANT_MISMATCH,
        /** The event is well formed, but says what cannot be. */
        IMPOSSIBLE,
        /** The service failed at it again and again although nothing was away. */
        EFFECT_FAILED
    }
}
