package io.mailferry.messaging.inbox;

import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * As {@link #receive}, for many records at once: the known events of one tenant reach the effect together, in their
     * order. Events whose effect fails together are tried one by one, so that only the bad one is set aside.
     *
     * @param effect one transaction; must be repeatable, for a part of the events too
     * @param togetherMax events of one effect at most
     */
    public void receiveAll(
            Iterable<ConsumerRecord<byte[], byte[]>> received, int togetherMax, Consumer<List<Decoded.Known>> effect)
            throws InterruptedException {
        Map<TenantId, List<Taken>> byTenant = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : received) {
            switch (codec.decode(each)) {
                case Decoded.Known known ->
                    byTenant.computeIfAbsent(known.event().tenant(), unused -> new ArrayList<>())
                            .add(new Taken(each, known));
                case Decoded.Unreadable unreadable -> deadLetters.send(each, unreadable.reason());
            }
        }
        for (List<Taken> ofTenant : byTenant.values()) {
            for (int from = 0; from < ofTenant.size(); from += togetherMax) {
                takeTogether(ofTenant.subList(from, Math.min(ofTenant.size(), from + togetherMax)), effect);
            }
        }
    }

    private record Taken(ConsumerRecord<byte[], byte[]> received, Decoded.Known known) {}

    private void takeTogether(List<Taken> together, Consumer<List<Decoded.Known>> effect) throws InterruptedException {
        try {
            effect.accept(together.stream().map(Taken::known).toList());
        } catch (RuntimeException e) {
            LOG.warnf(
                    "Events not taken together, trying one by one: events=%d failure=%s",
                    together.size(), e.getClass().getSimpleName());
            for (Taken each : together) {
                take(each.received(), each.known(), known -> effect.accept(List.of(known)));
            }
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
