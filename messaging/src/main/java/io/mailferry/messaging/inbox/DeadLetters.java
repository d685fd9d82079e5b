package io.mailferry.messaging.inbox;

import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.outbox.EventSender;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Writes the place and cause of a record that cannot be handled to its topic's dead-letter topic. Never the record's
 * content: whoever looks into it reads the source topic at that place, with that topic's rights.
 */
public final class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);

    private final EventSender sender;
    private final Duration acknowledgement;
    private final MeterRegistry meters;

    /** @param acknowledgement how long the broker may take */
    public DeadLetters(EventSender sender, Duration acknowledgement, MeterRegistry meters) {
        this.sender = sender;
        this.acknowledgement = acknowledgement;
        this.meters = meters;
    }

    /** Returns when the dead letter is acknowledged; throws when it is not, so that the record stays uncommitted. */
    public void send(ConsumerRecord<byte[], byte[]> received, Decoded.Reason reason) throws InterruptedException {
        LOG.errorf(
                "Event set aside: reason=%s topic=%s partition=%d offset=%d",
                reason, received.topic(), received.partition(), received.offset());
        try {
            sender.send(letter(received, reason)).get(acknowledgement.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("dead letter not acknowledged", e);
        }
        meters.counter("mailferry.dead.letters", "topic", received.topic(), "reason", reason.name())
                .increment();
    }

    private static ProducerRecord<byte[], byte[]> letter(
            ConsumerRecord<byte[], byte[]> received, Decoded.Reason reason) {
        String place = String.format(
                Locale.ROOT,
                "{\"reason\":\"%s\",\"topic\":\"%s\",\"partition\":%d,\"offset\":%d}",
                reason,
                received.topic(),
                received.partition(),
                received.offset());
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(received.topic() + ".dlq", received.key(), place.getBytes(StandardCharsets.UTF_8));
        letter.headers().add("mailferry-reason", utf8(reason.name()));
        letter.headers().add("mailferry-topic", utf8(received.topic()));
        letter.headers().add("mailferry-partition", utf8(Integer.toString(received.partition())));
        letter.headers().add("mailferry-offset", utf8(Long.toString(received.offset())));
        return letter;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
