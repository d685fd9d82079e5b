package io.mailferry.system;

import io.mailferry.contracts.Topic;
import io.mailferry.stack.KafkaBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Hears every record that comes to some topics from now on, until it is closed. */
final class Tap implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long SECONDS = 30;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;

    /** @param heard is called by one thread only */
    Tap(KafkaBroker kafka, Collection<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> heard) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "auto.offset.reset",
                        "earliest",
                        "fetch.max.bytes",
                        8_000_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(found -> new TopicPartition(found.topic(), found.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        Thread.ofPlatform().daemon().name("tap").start(() -> listen(heard));
    }

    /** The topics of control events, the item topic and the dead-letter topics of all. */
    static List<String> everyTopic() {
        return Stream.concat(
                        Arrays.stream(Topic.values())
                                .flatMap(topic -> Stream.of(topic.topicName(), topic.deadLetterName())),
                        Stream.of(Topic.ITEMS, Topic.ITEMS + ".dlq"))
                .collect(Collectors.toList());
    }

    /** Hears what is there at this moment, and ends. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!ended.await(SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the tap did not come to the topics' end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void listen(Consumer<ConsumerRecord<byte[], byte[]>> heard) {
        try (consumer) {
            while (!closing) {
                consumer.poll(POLL).forEach(heard);
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(heard);
            }
        } catch (RuntimeException e) {
            failures.add(e);
        } finally {
            ended.countDown();
        }
    }
}
