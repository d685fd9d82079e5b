package io.mailferry.messaging.outbox;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * Sends records of any topic through one SmallRye channel whose connector is {@code smallrye-kafka} with byte-array
 * serialisers, {@code acks=all} and idempotence.
 */
public final class EventSender {
    private final MutinyEmitter<byte[]> emitter;

    public EventSender(MutinyEmitter<byte[]> emitter) {
        this.emitter = emitter;
    }

    /** Completes when the broker has acknowledged the record; fails when it has not. */
    public CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
        OutgoingKafkaRecordMetadata<byte[]> place = OutgoingKafkaRecordMetadata.<byte[]>builder()
                .withTopic(record.topic())
                .withKey(record.key())
                .withHeaders(record.headers())
                .build();
        Uni<Void> acknowledged = emitter.sendMessage(Message.of(record.value(), Metadata.of(place)));
        return acknowledged.subscribeAsCompletionStage();
    }
}
