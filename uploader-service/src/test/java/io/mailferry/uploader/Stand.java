package io.mailferry.uploader;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.store.FaultyStore;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.stack.KafkaBroker;
import io.mailferry.stack.S3Server;
import io.mailferry.uploader.bucket.BucketSettings;
import io.mailferry.uploader.intake.IntakeSettings;
import io.mailferry.uploader.mailbox.MailboxSettings;
import io.mailferry.uploader.scratch.ScratchSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka and S3 for the uploader's tests, and an ear on the progress topic. */
final class Stand implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(40);

    final KafkaBroker kafka;
    final S3Server s3;
    final FaultyStore faulty;
    final ObjectStore bucket;
    final KafkaProducer<byte[], byte[]> producer;
    final List<UploadProgress> progress = new CopyOnWriteArrayList<>();
    private final Path folder;
    private final KafkaConsumer<byte[], byte[]> ear;
    private final Thread listening;

    Stand(Path folder) throws IOException {
        this.folder = folder;
        this.kafka = KafkaBroker.start(folder.resolve("kafka"));
        this.s3 = S3Server.start(folder.resolve("s3"));
        this.faulty = new FaultyStore(s3.port());
        this.bucket = new ObjectStore(
                StoreSettings.of(URI.create(s3.endpoint()), s3.bucket(), s3.accessKey(), s3.secretKey(), s3.region()));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.ear = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.listening = Thread.ofPlatform().daemon().start(this::listen);
    }

    private void listen() {
        String topic = Topic.UPLOAD_PROGRESS.topicName();
        EventCodec codec = new EventCodec("test", Clock.systemUTC());
        ear.assign(ear.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList());
        try (ear) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : ear.poll(Duration.ofMillis(100))) {
                    if (codec.decode(record) instanceof Decoded.Known known
                            && known.event() instanceof UploadProgress told) {
                        progress.add(told);
                    }
                }
            }
        } catch (WakeupException e) {
            // Closed.
        }
    }

    /** Starts an uploader. Settings are given as key and value, without the common prefix. */
    Uploader uploader(String... settings) throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "mailferry.intake.bootstrap-servers", kafka.bootstrap(),
                "mailferry.intake.group", "uploader-" + UUID.randomUUID(),
                "mailferry.intake.delete-every", "1h",
                "mailferry.bucket.endpoint", faulty.endpoint(),
                "mailferry.bucket.name", s3.bucket(),
                "mailferry.bucket.access-key", s3.accessKey(),
                "mailferry.bucket.secret-key", s3.secretKey(),
                "mailferry.bucket.pause-min", "50ms",
                "mailferry.mailbox.flush-after", "200ms",
                "mailferry.scratch.directory",
                        folder.resolve("scratch-" + UUID.randomUUID()).toString()));
        for (int i = 0; i < settings.length; i += 2) {
            values.put("mailferry." + settings[i], settings[i + 1]);
        }
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(IntakeSettings.class)
                .withMapping(BucketSettings.class)
                .withMapping(MailboxSettings.class)
                .withMapping(ScratchSettings.class)
                .withDefaultValues(values)
                .build();
        Uploader uploader = new Uploader(
                config.getConfigMapping(IntakeSettings.class),
                config.getConfigMapping(BucketSettings.class),
                config.getConfigMapping(MailboxSettings.class),
                config.getConfigMapping(ScratchSettings.class),
                Clock.systemUTC(),
                new Random(1),
                new SimpleMeterRegistry());
        uploader.start();
        return uploader;
    }

    <T extends UploadProgress> Stream<T> told(MailboxId mailbox, Class<T> type) {
        return progress.stream()
                .filter(told -> told.mailbox().equals(mailbox))
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** Waits until progress of that kind was told about the mailbox. */
    <T extends UploadProgress> T await(MailboxId mailbox, Class<T> type) {
        eventually(type.getSimpleName(), () -> told(mailbox, type).findAny().isPresent());
        return told(mailbox, type).findFirst().orElseThrow();
    }

    static void eventually(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " before the deadline").isLessThan(until);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        ear.wakeup();
        try {
            listening.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(1));
        bucket.close();
        faulty.close();
        s3.close();
        kafka.close();
    }
}
