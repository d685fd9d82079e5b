package io.mailferry.stack;

import io.mailferry.contracts.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker of one KRaft node, as a child process, with Mailferry's topics and without automatic creation of
 * others. Its data stays in its folder, so that it can be restarted or killed and go on.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);
    private static final int START_ATTEMPTS = 3;
    private static final int PARTITIONS = 4;
    private static final long ADMIN_SECONDS = 30;

    private final Path folder;
    private int port;
    private int controllerPort;
    private ChildProcess process;
    private JavaCommand command;

    private KafkaBroker(Path folder, int wantedPort) {
        this.folder = folder.toAbsolutePath();
        this.port = LoopbackPort.freeOr(wantedPort);
        this.controllerPort = LoopbackPort.free();
        this.command = command();
        format();
        this.process = launchOnFreePorts();
        createTopics();
    }

    /** Starts a broker that keeps its data in the folder, on a free port. */
    public static KafkaBroker start(Path folder) {
        return start(folder, 0);
    }

    /** Starts a broker on the wanted port, or on another one when that is taken. */
    public static KafkaBroker start(Path folder, int wantedPort) {
        return new KafkaBroker(folder, wantedPort);
    }

    /** The bootstrap address, the same after a restart. */
    public String bootstrap() {
        return LoopbackPort.HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.alive();
    }

    /** The folder with the broker's log segments: what a test may search for content that must not be there. */
    public Path data() {
        return folder.resolve("data");
    }

    /** The variables by which a service finds this broker. */
    public Map<String, String> environment() {
        return Map.of("MAILFERRY_KAFKA", bootstrap());
    }

    /** Stops the broker in an orderly way and starts it again on the same port with the same data. */
    public void restart() {
        close();
        startAgain();
    }

    /** Ends the broker at once, as a crash would; {@link #startAgain()} brings it back. */
    public void kill() {
        process.kill();
    }

    /** Starts the broker that was closed or killed, on the same port with the same data. */
    public void startAgain() {
        command = command();
        process = launch();
    }

    /** Deletes every record of a topic, as a broken retention setting or a lost disk would. */
    public void emptyTopic(String topic) {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(ADMIN_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .forEach(found -> found.partitions()
                            .forEach(partition ->
                                    wanted.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
            Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
            admin.listOffsets(wanted)
                    .all()
                    .get(ADMIN_SECONDS, TimeUnit.SECONDS)
                    .forEach((partition, end) -> deletions.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(deletions).all().get(ADMIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StackFailure("Kafka's topic " + topic + " could not be emptied.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while emptying " + topic, e);
        }
    }

    @Override
    public void close() {
        process.close();
        command.keepArchive();
    }

    /** Another program may take a port between our look and the broker's bind; then others are chosen. */
    private ChildProcess launchOnFreePorts() {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch();
            } catch (StackFailure e) {
                String message = String.valueOf(e.getMessage());
                if (attempt == START_ATTEMPTS || !message.contains("Address already in use")) {
                    throw e;
                }
                port = LoopbackPort.free();
                controllerPort = LoopbackPort.free();
            }
        }
    }

    private ChildProcess launch() {
        writeSettings();
        ChildProcess started =
                ChildProcess.start("Kafka", command.line(), Map.of(), log(), ChildProcess.StopSignal.TERM, STOP_GRACE);
        started.awaitReady(START_DEADLINE, this::answers);
        return started;
    }

    private boolean answers() {
        if (!LoopbackPort.answers(port)) {
            return false;
        }
        try (Admin admin = admin()) {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void createTopics() {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            wanted.add(new NewTopic(topic.topicName(), PARTITIONS, (short) 1));
            wanted.add(new NewTopic(topic.deadLetterName(), 1, (short) 1));
        }
        wanted.add(new NewTopic(Topic.ITEMS, PARTITIONS, (short) 1));
        wanted.add(new NewTopic(Topic.ITEMS + ".dlq", 1, (short) 1));
        try (Admin admin = admin()) {
            Set<String> there = admin.listTopics().names().get(ADMIN_SECONDS, TimeUnit.SECONDS);
            wanted.removeIf(topic -> there.contains(topic.name()));
            admin.createTopics(wanted).all().get(ADMIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.close();
            throw new StackFailure("Kafka's topics could not be created.", e);
        } catch (InterruptedException e) {
            process.close();
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while creating topics", e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "30000"));
    }

    /** Does what {@code kafka.tools.StorageTool format} does; nothing when the folder bears a broker's data already. */
    private void format() {
        if (Files.exists(data().resolve("meta.properties"))) {
            return;
        }
        writeSettings();
        List<String> line = JavaCommand.of(
                        "kafka",
                        "kafka.tools.StorageTool",
                        options("96m"),
                        List.of(
                                "format",
                                "--cluster-id",
                                Uuid.randomUuid().toString(),
                                "--config",
                                settings().toString()))
                .withoutNewArchive()
                .line();
        ChildProcess.run("The formatting of Kafka's storage", line, Map.of(), log(), START_DEADLINE);
    }

    private JavaCommand command() {
        return JavaCommand.of(
                "kafka", "kafka.Kafka", options("160m"), List.of(settings().toString()));
    }

    private static List<String> options(String heap) {
        return List.of(
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=48m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Djava.awt.headless=true");
    }

    private Path settings() {
        return folder.resolve("server.properties");
    }

    private Path log() {
        return folder.resolve("kafka.log");
    }

    private void writeSettings() {
        String text = String.join(
                "\n",
                "# Written at each start by KafkaBroker.",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@" + LoopbackPort.HOST + ":" + controllerPort,
                "listeners=PLAINTEXT://" + LoopbackPort.HOST + ":" + port + ",CONTROLLER://" + LoopbackPort.HOST + ":"
                        + controllerPort,
                "advertised.listeners=PLAINTEXT://" + LoopbackPort.HOST + ":" + port,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=PLAINTEXT",
                "log.dirs=" + data(),
                "auto.create.topics.enable=false",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=4",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=2",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                // Small segments, so that records deleted below the uploader's offsets really free the disk.
                "log.segment.bytes=16777216",
                "log.segment.delete.delay.ms=2000",
                "log.cleaner.dedupe.buffer.size=8388608",
                "log.cleaner.threads=1",
                // After a crash the controller waits this long for the broker it knew before it takes the new one.
                "broker.session.timeout.ms=4000",
                "broker.heartbeat.interval.ms=1000",
                "num.network.threads=2",
                "num.io.threads=3",
                "num.recovery.threads.per.data.dir=1",
                "background.threads=2",
                "socket.request.max.bytes=33554432",
                "");
        try {
            Files.createDirectories(folder);
            Files.writeString(settings(), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StackFailure("Kafka's settings could not be written to " + settings(), e);
        }
    }
}
