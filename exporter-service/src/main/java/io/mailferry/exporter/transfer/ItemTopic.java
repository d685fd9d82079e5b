package io.mailferry.exporter.transfer;

import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of parts: acknowledged by all replicas, idempotent, in order. Kafka's own client, because its memory is
 * bounded in bytes, where a channel would count records. The key is the mailbox, so that its parts share a partition.
 */
@Singleton
public final class ItemTopic {
    private final Producer<byte[], byte[]> producer;
    private final Counter bytes;
    private final Counter parts;
    private final Duration close;

    ItemTopic(TransferSettings settings, MeterRegistry meters) {
        int delivery = Math.toIntExact(settings.delivery().toMillis());
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.bootstrap(),
                        ProducerConfig.CLIENT_ID_CONFIG,
                        "exporter-items",
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        // Sealed parts do not compress; a batch holds a few of the large ones or many small ones.
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "none",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.LINGER_MS_CONFIG,
                        10,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        settings.bufferBytes(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        delivery,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        delivery),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.close = settings.close();
        this.bytes = meters.counter("mailferry.exporter.sent.bytes");
        this.parts = meters.counter("mailferry.exporter.sent.parts");
    }

    /**
     * Sends a part; returns before it is acknowledged. A part that is not acknowledged in time makes its attempt fail.
     *
     * @throws IOException if the producer refuses it, or has no memory for too long
     */
    void send(MailboxId mailbox, byte[] encoded, Unconfirmed attempt) throws IOException {
        byte[] key = mailbox.toString().getBytes(StandardCharsets.UTF_8);
        try {
            var unused = producer.send(new ProducerRecord<>(Topic.ITEMS, key, encoded), (metadata, failure) -> {
                if (failure != null) {
                    attempt.lost();
                }
            });
        } catch (KafkaException e) {
            throw new IOException("the item topic takes nothing", e);
        }
        bytes.increment(encoded.length);
        parts.increment();
    }

    @PreDestroy
    void close() {
        producer.close(close);
    }
}
