package io.mailferry.messaging.outbox;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Sends records of any control topic, either through one SmallRye channel or through a Kafka producer of the service's
 * own; in both cases with byte-array serialisers, {@code acks=all} and idempotence, which the owner configures.
 */
public final class EventSender {
    private final Function<ProducerRecord<byte[], byte[]>, CompletableFuture<Void>> send;

    /** @param emitter of a channel whose connector is {@code smallrye-kafka} */
    public EventSender(MutinyEmitter<byte[]> emitter) {
        this.send = record -> emitter.sendMessage(Message.of(record.value(), Metadata.of(place(record))))
                .subscribeAsCompletionStage();
    }

    public EventSender(Producer<byte[], byte[]> producer) {
        this.send = record -> {
            CompletableFuture<Void> acknowledged = new CompletableFuture<>();
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(null);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
            return acknowledged;
        };
    }

    /** Completes when the broker has acknowledged the record; fails when it has not. */
    public CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
        return send.apply(record);
    }

    private static OutgoingKafkaRecordMetadata<byte[]> place(ProducerRecord<byte[], byte[]> record) {
        return OutgoingKafkaRecordMetadata.<byte[]>builder()
                .withTopic(record.topic())
                .withKey(record.key())
                .withHeaders(record.headers())
                .build();
    }
}
