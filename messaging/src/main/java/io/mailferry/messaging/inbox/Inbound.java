package io.mailferry.messaging.inbox;

import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * What a service does with every record of its control topics: known events reach the effect (again and again while the
 * database is away), anything else goes to the dead-letter topic, and the service goes on.
 */
public final class Inbound {
    private static final Logger LOG = Logger.getLogger(Inbound.class);

    /** An event that is well formed but can never take effect here; it goes to the dead-letter topic. */
    public static final class ImpossibleEvent extends RuntimeException {
        /** @param why in words that may be logged */
        public ImpossibleEvent(String why) {
            super(why);
        }
    }

    private final EventCodec codec;
    private final DeadLetters deadLetters;
    private final Redelivery redelivery;

    public Inbound(EventCodec codec, DeadLetters deadLetters, Redelivery redelivery) {
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.redelivery = redelivery;
    }

    /**
     * Returns when the effect is committed or the record is safely dead-lettered; throws when neither was possible
     * within the limits, so that the record stays uncommitted, the channel fails and a restarted service takes it anew.
     *
     * @param effect one transaction that begins by {@code firstSight}; must be repeatable
     */
    public void receive(ConsumerRecord<byte[], byte[]> received, Consumer<Decoded.Known> effect)
            throws InterruptedException {
        switch (codec.decode(received)) {
            case Decoded.Known known -> take(received, known, effect);
            case Decoded.Unreadable unreadable -> deadLetters.send(received, unreadable.reason());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> received, Decoded.Known known, Consumer<Decoded.Known> effect)
            throws InterruptedException {
        try {
            redelivery.run(() -> effect.accept(known));
        } catch (ImpossibleEvent e) {
            deadLetters.send(received, Decoded.Reason.IMPOSSIBLE);
        } catch (RuntimeException e) {
            if (Redelivery.isOutage(e)) {
                throw e;
            }
            // One event that breaks the effect must not hold up those behind it; the log has the trace, the topic the
            // place.
            LOG.errorf(
                    e,
                    "Event breaks its effect: type=%s partition=%d offset=%d",
                    known.event().getClass().getSimpleName(),
                    received.partition(),
                    received.offset());
            deadLetters.send(received, Decoded.Reason.EFFECT_FAILED);
        }
    }
}
