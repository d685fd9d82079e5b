package io.mailferry.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mailferry.contracts.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartsIT {
    @TempDir
    Path folder;

    @Test
    void kafkaKeepsRecordsOverARestartAndForgetsThemWhenEmptied() throws Exception {
        try (ServerSocket taken = taken();
                KafkaBroker kafka = KafkaBroker.start(folder, taken.getLocalPort())) {
            assertThat(kafka.port()).isNotEqualTo(taken.getLocalPort());
            assertThat(topics(kafka)).contains(Topic.ITEMS, Topic.INVENTORY_EVENT.deadLetterName());
            send(kafka, "kept");

            kafka.restart();

            assertThat(read(kafka)).containsExactly("kept");
            send(kafka, "kept over a crash");
            kafka.kill();
            kafka.startAgain();
            assertThat(read(kafka)).containsExactly("kept", "kept over a crash");
            kafka.emptyTopic(Topic.ITEMS);
            assertThat(read(kafka)).isEmpty();
        }
    }

    @Test
    void postgresSeparatesTheServicesAndKeepsRowsOverARestart() throws Exception {
        try (ServerSocket taken = taken();
                PostgresServer postgres = PostgresServer.start(folder, taken.getLocalPort())) {
            assertThat(postgres.port()).isNotEqualTo(taken.getLocalPort());
            run(postgres, postgres.owner("planner"), "CREATE TABLE planner.kept AS SELECT 7 AS value");
            run(postgres, postgres.owner("planner"), "GRANT SELECT ON planner.kept TO planner_fleet");

            postgres.restart();

            assertThat(firstInt(postgres, postgres.owner("planner"), "SELECT value FROM planner.kept"))
                    .isEqualTo(7);
            assertThatThrownBy(() -> run(postgres, postgres.app("planner"), "SELECT value FROM planner.kept"))
                    .as("the application role does not inherit the fleet role's rights")
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
            assertThat(firstInt(
                            postgres,
                            postgres.app("planner"),
                            "SET ROLE planner_fleet; SELECT value FROM planner.kept"))
                    .isEqualTo(7);
            assertThatThrownBy(() -> run(postgres, postgres.app("planner"), "SET ROLE inventory_fleet"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> run(postgres, postgres.app("planner"), "CREATE TABLE planner.mine (a int)"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> run(postgres, new PostgresServer.Login("planner_app", "wrong"), "SELECT 1"))
                    .isInstanceOf(SQLException.class);

            postgres.kill();
            postgres.startAgain();
            assertThat(firstInt(postgres, postgres.owner("planner"), "SELECT value FROM planner.kept"))
                    .isEqualTo(7);
        }
    }

    @Test
    void postgresStartsAgainOnItsDataInAnotherProcess() throws Exception {
        try (PostgresServer postgres = PostgresServer.start(folder)) {
            run(postgres, postgres.owner("restore"), "CREATE TABLE restore.kept AS SELECT 8 AS value");
        }
        try (PostgresServer postgres = PostgresServer.start(folder)) {
            assertThat(firstInt(postgres, postgres.owner("restore"), "SELECT value FROM restore.kept"))
                    .isEqualTo(8);
        }
    }

    /** Below a folder that root has closed to others, with data that another start had made as root. */
    @Test
    void postgresRunsForRootAlsoWithoutNamespaces() throws Exception {
        assumeTrue(RootEscape.NOBODY.isPossible(), "root, and setpriv, are needed");
        Path closed = Files.createDirectory(
                folder.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        RootEscape usual = RootEscape.current();
        try (PostgresServer postgres = PostgresServer.start(closed.resolve("postgres"), 0, usual)) {
            run(postgres, postgres.owner("restore"), "CREATE TABLE restore.kept AS SELECT 9 AS value");
        }

        try (PostgresServer postgres = PostgresServer.start(closed.resolve("postgres"), 0, RootEscape.NOBODY)) {
            assertThat(firstInt(postgres, postgres.owner("restore"), "SELECT value FROM restore.kept"))
                    .isEqualTo(9);
            assertThat(Files.getAttribute(postgres.data(), "unix:uid")).isEqualTo(65534);
            postgres.restart();
        }
        try (PostgresServer postgres = PostgresServer.start(closed.resolve("new"), 0, RootEscape.NOBODY)) {
            run(postgres, postgres.owner("restore"), "SELECT 1");
        }
        try (PostgresServer postgres = PostgresServer.start(closed.resolve("postgres"), 0, usual)) {
            assertThat(firstInt(postgres, postgres.owner("restore"), "SELECT value FROM restore.kept"))
                    .isEqualTo(9);
        }
    }

    @Test
    void s3RefusesStrangersAlsoAfterARestart() throws Exception {
        try (ServerSocket taken = taken();
                S3Server s3 = S3Server.start(folder, taken.getLocalPort())) {
            assertThat(s3.port()).isNotEqualTo(taken.getLocalPort());
            assertThat(status(s3, "/" + s3.bucket() + "/")).isEqualTo(403);

            s3.restart();

            assertThat(status(s3, "/" + s3.bucket() + "/")).isEqualTo(403);
            assertThat(Files.getPosixFilePermissions(folder.resolve("s3proxy.properties")))
                    .hasSize(2);
        }
    }

    private static ServerSocket taken() throws Exception {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        return socket;
    }

    private static int status(S3Server s3, String path) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(s3.endpoint() + path)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static void run(PostgresServer postgres, PostgresServer.Login login, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), login.user(), login.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int firstInt(PostgresServer postgres, PostgresServer.Login login, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), login.user(), login.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            while (statement.getResultSet() == null) {
                statement.getMoreResults();
            }
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static List<String> topics(KafkaBroker kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            return List.copyOf(admin.listTopics().names().get(30, TimeUnit.SECONDS));
        }
    }

    private static void send(KafkaBroker kafka, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topic.ITEMS, 0, "key", value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(KafkaBroker kafka) {
        TopicPartition partition = new TopicPartition(Topic.ITEMS, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), Duration.ofSeconds(30))
                    .getOrDefault(partition, 0L);
            List<String> values = new ArrayList<>();
            long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (consumer.position(partition) < end && System.nanoTime() < until) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofMillis(200))) {
                    values.add(found.value());
                }
            }
            return values;
        }
    }
}
