package io.mailferry.inventory;

import io.mailferry.messaging.outbox.EventSender;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * The channel for everything but heartbeats. A bean of its own, because channels are connected late at the start and
 * whoever is made earlier must not need one.
 */
@Singleton
final class OutgoingEvents {
    /** More than the relay's batch and a dead letter for each listener. */
    private static final int UNDERWAY_MAX = 256;

    private final EventSender sender;

    OutgoingEvents(
            @Channel("events-out") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = UNDERWAY_MAX)
                    MutinyEmitter<byte[]> emitter) {
        this.sender = new EventSender(emitter);
    }

    EventSender sender() {
        return sender;
    }
}
