package io.mailferry.inventory;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads and writes the broker as the other services do. */
final class Topics {
    private static final EventCodec CODEC = new EventCodec("test", Clock.systemUTC());

    private static final Map<String, Tail> TAILS = new HashMap<>();

    private Topics() {}

    /** One reader for each topic and all tests, so that looking again costs what came since and not the whole topic. */
    private static final class Tail {
        private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", RealParts.kafka().bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        private final List<TopicPartition> partitions;
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        Tail(String topic) {
            partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        List<ConsumerRecord<byte[], byte[]>> read() {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return List.copyOf(records);
        }
    }

    /** Everything that is in the topic now, in order per partition. */
    static synchronized List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return TAILS.computeIfAbsent(topic, Tail::new).read();
    }

    /** The tenant's events of a topic as a consumer takes them: in their order, and a repeated one once. */
    static List<Event> events(Topic topic, TenantId tenant) {
        Map<EventId, Event> events = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(topic.topicName())) {
            if (CODEC.decode(record) instanceof Decoded.Known known
                    && known.event().tenant().equals(tenant)) {
                events.putIfAbsent(known.id(), known.event());
            }
        }
        return List.copyOf(events.values());
    }

    static void send(Event event) {
        send(CODEC.encode(EventId.random(), event));
    }

    static void send(ProducerRecord<byte[], byte[]> record) {
        sendAll(List.of(record));
    }

    /** In this order; returns when all are there. */
    static void sendAll(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", RealParts.kafka().bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static ProducerRecord<byte[], byte[]> encode(Event event) {
        return CODEC.encode(EventId.random(), event);
    }
}
