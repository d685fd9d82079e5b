package io.mailferry.uploader;

import io.mailferry.archive.store.BucketCheck;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.inbox.DeadLetters;
import io.mailferry.messaging.outbox.EventSender;
import io.mailferry.uploader.bucket.BucketSettings;
import io.mailferry.uploader.bucket.PatientStore;
import io.mailferry.uploader.intake.Intake;
import io.mailferry.uploader.intake.IntakeSettings;
import io.mailferry.uploader.mailbox.MailboxParts;
import io.mailferry.uploader.mailbox.MailboxSettings;
import io.mailferry.uploader.progress.ProgressSender;
import io.mailferry.uploader.scratch.ScratchSettings;
import io.mailferry.uploader.scratch.ScratchSpace;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One uploader with everything it owns. Made by the service, and by tests without it. */
public final class Uploader implements AutoCloseable {
    private static final String NAME = "uploader-service";
    private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(10);

    private final BucketSettings bucket;
    private final ObjectStore objects;
    private final PatientStore store;
    private final Producer<byte[], byte[]> producer;
    private final ExecutorService putting = Executors.newVirtualThreadPerTaskExecutor();
    private final Intake intake;

    public Uploader(
            IntakeSettings intakeSettings,
            BucketSettings bucket,
            MailboxSettings mailboxes,
            ScratchSettings scratch,
            Clock clock,
            RandomGenerator random,
            MeterRegistry meters)
            throws IOException {
        this.bucket = bucket;
        this.objects = new ObjectStore(PatientStore.storeSettings(bucket));
        this.store = new PatientStore(objects, bucket, random, meters);
        this.producer = producer(intakeSettings.bootstrapServers());
        EventSender sender = new EventSender(producer);
        MailboxParts shared = new MailboxParts(
                mailboxes,
                store,
                ScratchSpace.open(scratch.directory(), scratch.bytesMax().asLongValue()),
                new ProgressSender(new EventCodec(NAME, clock), sender, meters),
                new DeadLetters(sender, ACKNOWLEDGEMENT, meters),
                UUID.randomUUID(),
                clock,
                putting,
                new Semaphore(mailboxes.countingMax(), true),
                meters);
        this.intake = new Intake(intakeSettings, shared);
    }

    /**
     * Finds out whether the bucket can bear the archive.
     *
     * @throws IOException if it cannot be asked for longer than patience lasts
     */
    public BucketCheck.Verdict checkBucket() throws IOException, InterruptedException {
        // Asked again as a whole: a race that was disturbed says nothing.
        return store.patiently(() -> {
            try {
                return BucketCheck.run(objects, bucket.checkWriters());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while checking the bucket", e);
            }
        });
    }

    public void start() {
        intake.start();
    }

    public boolean alive() {
        return intake.alive();
    }

    @Override
    public void close() {
        intake.close();
        closeClients();
    }

    /** Ends as a crash would. */
    public void abandon() {
        intake.abandon();
        closeClients();
    }

    private void closeClients() {
        putting.shutdownNow();
        producer.close(Duration.ofSeconds(5));
        objects.close();
    }

    private static Producer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        10_000,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        4L * 1024 * 1024),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
