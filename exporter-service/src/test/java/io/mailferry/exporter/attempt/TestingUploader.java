package io.mailferry.exporter.attempt;

import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Gives what it reads from the item topic to {@link TestingMailbox}, one for each mailbox. */
final class TestingUploader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ObjectStore store;
    private final Map<MailboxId, TestingMailbox> mailboxes = new HashMap<>();
    private final AtomicInteger pagesToRefuse = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;
    private volatile Throwable failure;

    TestingUploader(String bootstrap, ObjectStore store) {
        this.store = store;
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(Topic.ITEMS).stream()
                .map(partition -> new TopicPartition(Topic.ITEMS, partition.partition()))
                .toList());
        thread = Thread.ofPlatform().name("testing-uploader").start(this::run);
    }

    /** The next pages are not stored; their attempts are closed instead. */
    void refusePages(int count) {
        pagesToRefuse.set(count);
    }

    /** The log of a mailbox as it is now. */
    MailboxLog log(MailboxPlace place) {
        return new MailboxLog(store, place, UUID.randomUUID(), Clock.systemUTC());
    }

    private void run() {
        try {
            while (!closing) {
                for (var received : consumer.poll(Duration.ofMillis(100))) {
                    Part part = Part.read(received.value());
                    mailboxes
                            .computeIfAbsent(part.label().mailbox(), _ -> mailbox(part.label()))
                            .take(part);
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } finally {
            consumer.close();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.join();
        if (failure != null) {
            throw new AssertionError("the uploader failed", failure);
        }
    }

    private TestingMailbox mailbox(PartLabel label) {
        return new TestingMailbox(store, new MailboxPlace(label.tenant(), label.mailbox()), pagesToRefuse);
    }
}
