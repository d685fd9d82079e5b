package io.mailferry.uploader.intake;

import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.uploader.mailbox.Incoming;
import io.mailferry.uploader.mailbox.MailboxLane;
import io.mailferry.uploader.mailbox.MailboxParts;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the item topic on a thread of its own. Parts go to the lane of their mailbox; a partition is paused while one of
 * its lanes, or all lanes together, have enough to do. Polling goes on meanwhile, so the group keeps its member.
 */
public final class Intake implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Intake.class);

    private final IntakeSettings settings;
    private final ItemTopic topic;
    private final MailboxParts shared;
    private final Map<TopicPartition, PartitionLanes> partitions = new HashMap<>();
    private final Map<TopicPartition, Long> deletable = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicInteger mailboxes = new AtomicInteger();
    private final AtomicInteger pausedPartitions = new AtomicInteger();
    private final AtomicLong polledAt = new AtomicLong(System.nanoTime());
    private volatile boolean started;
    private volatile boolean stopping;
    private volatile boolean abandoning;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private long commitDue;
    private long deleteDue;

    public Intake(IntakeSettings settings, MailboxParts shared) {
        this.settings = settings;
        this.topic = new ItemTopic(settings);
        this.shared = shared;
        MeterRegistry meters = shared.meters();
        meters.gauge("mailferry.uploader.queued.bytes", queuedBytes);
        meters.gauge("mailferry.uploader.mailboxes", mailboxes);
        meters.gauge("mailferry.uploader.partitions.paused", pausedPartitions);
        meters.gauge("mailferry.uploader.scratch.bytes", shared.scratch(), scratch -> scratch.used());
    }

    public void start() {
        started = true;
        Thread.ofPlatform().name("intake").start(this::run);
    }

    /** Whether polls come back. */
    public boolean alive() {
        return !stopping
                && System.nanoTime() - polledAt.get()
                        < settings.pollSilenceMax().toNanos();
    }

    /** Records what is whole, commits, leaves the group. */
    @Override
    public void close() {
        stopping = true;
        wake();
        try {
            Duration patience = settings.drain().plusSeconds(5);
            if (started && !ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The intake did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        topic.close();
    }

    /** Ends at once, as a crash would: nothing is recorded, nothing committed. For tests of what comes after. */
    public void abandon() {
        abandoning = true;
        close();
    }

    private void wake() {
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                try (Consumer<byte[], byte[]> opened = topic.consumer()) {
                    consumer = opened;
                    opened.subscribe(List.of(Topic.ITEMS), new Handover(opened));
                    poll(opened);
                    endAll(opened, settings.drain());
                } catch (RuntimeException e) {
                    // What was under way comes again from the committed offsets.
                    LOG.errorf(e, "Consumer failed, made anew in %s", settings.restartPause());
                    endLanes(partitions.values(), Duration.ZERO);
                    partitions.clear();
                    Thread.sleep(settings.restartPause().toMillis());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("Intake interrupted");
        } finally {
            ended.countDown();
        }
    }

    private void poll(Consumer<byte[], byte[]> open) throws InterruptedException {
        while (!stopping) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : open.poll(settings.pollTimeout())) {
                    accept(record);
                }
            } catch (WakeupException e) {
                LOG.debug("Woken to stop");
            }
            polledAt.set(System.nanoTime());
            for (PartitionLanes lanes : partitions.values()) {
                lanes.forgetIdle(settings.handover());
            }
            makeRoom();
            pauseAndResume(open);
            commitWhenDue(open);
            deleteWhenDue();
        }
    }

    private void accept(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        PartitionLanes lanes = partitions.computeIfAbsent(partition, key -> newLanes());
        if (lanes.wentBack(record.offset())) {
            LOG.warnf("Partition went back: partition=%d offset=%d", record.partition(), record.offset());
            lanes.end(Duration.ZERO);
            lanes.forgetAll();
        }
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        try {
            byte[] value = record.value();
            if (value == null) {
                throw new IllegalArgumentException("a part without bytes");
            }
            Part part = Part.read(value);
            PartLabel label = part.label();
            if (!label.mailbox().toString().equals(key)) {
                throw new IllegalArgumentException("a part under another mailbox's key");
            }
            lanes.offer(
                    new MailboxPlace(label.tenant(), label.mailbox()),
                    new Incoming.Readable(record.offset(), part, value));
        } catch (Damaged | IllegalArgumentException e) {
            lanes.offer(placeOf(key, lanes), new Incoming.Unreadable(record.offset(), record));
        }
    }

    /** A record that cannot be read belongs to the mailbox of its key, if one is at work; else to nobody. */
    private static MailboxPlace placeOf(String key, PartitionLanes lanes) {
        return lanes.place(key).orElse(new MailboxPlace(new TenantId(new UUID(0, 0)), new MailboxId(new UUID(0, 0))));
    }

    private PartitionLanes newLanes() {
        return new PartitionLanes(place -> new MailboxLane(place, shared));
    }

    /** Mailboxes that rest leave their places to others: first those that rest longest, last those with a refusal. */
    private void makeRoom() throws InterruptedException {
        long tooMany = lanes().count() - settings.mailboxesMax();
        if (tooMany <= 0) {
            return;
        }
        Map<MailboxLane, Duration> resting = new HashMap<>();
        lanes().forEach(lane -> lane.restingFor().ifPresent(time -> resting.put(lane, time)));
        Set<MailboxLane> leaving = resting.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<MailboxLane, Duration> entry) ->
                                entry.getKey().refusedAny())
                        .thenComparing(Map.Entry.comparingByValue(Comparator.reverseOrder())))
                .limit(tooMany)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        for (PartitionLanes of : partitions.values()) {
            of.forget(leaving, settings.handover());
        }
    }

    private Stream<MailboxLane> lanes() {
        return partitions.values().stream().flatMap(of -> of.lanes().stream());
    }

    /** Too many that all wait for the rest of a page would wait for good if nothing more were read. */
    private boolean tooManyMailboxes(long atWork) {
        return atWork > settings.mailboxesMax() && !lanes().allMatch(MailboxLane::awaitsParts);
    }

    private void pauseAndResume(Consumer<byte[], byte[]> open) {
        long queued = lanes().mapToLong(MailboxLane::queuedBytes).sum();
        int atWork = (int) lanes().count();
        queuedBytes.set(queued);
        mailboxes.set(atWork);
        boolean allFull = queued > settings.queueBytesMax().asLongValue() || tooManyMailboxes(atWork);
        int paused = 0;
        for (Map.Entry<TopicPartition, PartitionLanes> entry : partitions.entrySet()) {
            PartitionLanes lanes = entry.getValue();
            boolean pause = allFull || lanes.full();
            if (pause != lanes.paused()) {
                lanes.paused(pause);
                if (pause) {
                    open.pause(List.of(entry.getKey()));
                } else {
                    open.resume(List.of(entry.getKey()));
                }
            }
            paused += pause ? 1 : 0;
        }
        pausedPartitions.set(paused);
    }

    private void commitWhenDue(Consumer<byte[], byte[]> open) {
        long now = System.nanoTime();
        if (now < commitDue) {
            return;
        }
        commitDue = now + settings.commitEvery().toNanos();
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions.keySet());
        if (offsets.isEmpty()) {
            return;
        }
        open.commitAsync(offsets, (done, failure) -> {
            if (failure == null) {
                committed(done);
            } else {
                LOG.warnf(
                        "Offsets not committed, tried again: cause=%s",
                        failure.getClass().getSimpleName());
            }
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> committable(Collection<TopicPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : of) {
            PartitionLanes lanes = partitions.get(partition);
            if (lanes != null) {
                lanes.committable().ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset)));
            }
        }
        return offsets;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            PartitionLanes lanes = partitions.get(partition);
            if (lanes != null) {
                lanes.committed(offset.offset());
            }
            deletable.put(partition, offset.offset());
        });
    }

    private void deleteWhenDue() {
        long now = System.nanoTime();
        if (now < deleteDue || deletable.isEmpty()) {
            return;
        }
        deleteDue = now + settings.deleteEvery().toNanos();
        topic.deleteBelow(Map.copyOf(deletable));
        deletable.clear();
    }

    private void commitNow(Consumer<byte[], byte[]> open, Collection<TopicPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(of);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            open.commitSync(offsets, settings.handover());
            committed(offsets);
        } catch (KafkaException e) {
            // What was recorded comes again and is known from the log.
            LOG.warnf("Offsets not committed: cause=%s", e.getClass().getSimpleName());
        }
    }

    private void endAll(Consumer<byte[], byte[]> open, Duration patience) throws InterruptedException {
        endLanes(partitions.values(), abandoning ? Duration.ZERO : patience);
        if (!abandoning) {
            commitNow(open, List.copyOf(partitions.keySet()));
        }
        partitions.clear();
    }

    /** All begin to end before the first is waited for. */
    private static void endLanes(Collection<PartitionLanes> of, Duration patience) throws InterruptedException {
        for (PartitionLanes lanes : of) {
            lanes.lanes().forEach(patience.isZero() ? MailboxLane::abandon : MailboxLane::drain);
        }
        long until = System.nanoTime() + patience.toNanos();
        for (PartitionLanes lanes : of) {
            lanes.end(patience.isZero() ? patience : Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
    }

    /** Called in {@code poll}, on the polling thread. */
    private final class Handover implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> open;

        Handover(Consumer<byte[], byte[]> open) {
            this.open = open;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            assigned.forEach(partition -> partitions.put(partition, newLanes()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            end(revoked, settings.handover());
            commitNow(open, revoked);
            revoked.forEach(partitions::remove);
        }

        /** Somebody else has them already; the log decides about what is still under way. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            end(lost, Duration.ZERO);
            lost.forEach(partitions::remove);
        }

        private void end(Collection<TopicPartition> of, Duration patience) {
            try {
                endLanes(
                        of.stream()
                                .map(partitions::get)
                                .filter(Objects::nonNull)
                                .toList(),
                        patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
