package io.mailferry.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.restorepoint.GoldenMailbox;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.restore.RestoreEvent;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.contracts.transition.TransitionCommand.VerifyRestorePoint;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service on a real Kafka, PostgreSQL and bucket, from what it is asked to what it tells. */
@QuarkusTest
@QuarkusTestResource(RestoreParts.class)
class RestoreServiceIT {
    private static final Path FOLDER = Path.of(setting("MAILFERRY_SCRATCH_DIRECTORY") + "-of-tests");

    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();
    private final CommandId command = CommandId.random();
    private ObjectStore store;
    private Outside outside;
    private GoldenMailbox mailbox;
    private RestorePointId restorePoint;

    @BeforeEach
    void write() throws IOException {
        outside = new Outside(base);
        store = new ObjectStore(StoreSettings.of(
                URI.create(setting("MAILFERRY_S3_ENDPOINT")),
                setting("MAILFERRY_S3_BUCKET"),
                setting("MAILFERRY_S3_ACCESS_KEY"),
                setting("MAILFERRY_S3_SECRET_KEY"),
                setting("MAILFERRY_S3_REGION")));
        TenantKeys keys = TenantKeys.open(Path.of(setting("MAILFERRY_KEYS_DIRECTORY")), true);
        mailbox = new GoldenMailbox(store, keys.keyEncryption(tenant), tenant, FOLDER);
        mailbox.begin();
        mailbox.page(GoldenMailbox.INBOX, page -> {
            mailbox.content(page, GoldenMailbox.INBOX, "a", 1_000, false);
            mailbox.content(page, GoldenMailbox.INBOX, "b", 700_000, false);
            mailbox.skip(page, GoldenMailbox.INBOX, "spoiled");
        });
        restorePoint = mailbox.end(GoldenMailbox.INBOX);
    }

    @AfterEach
    void close() {
        outside.close();
        store.close();
    }

    @Test
    void provesARestorePointOnCommand() {
        outside.tell(EventId.random(), verify(Optional.empty()));

        outside.event(
                CommandResult.CommandAccepted.class, result -> result.command().equals(command));
        CommandResult.CommandSucceeded succeeded = outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(command));
        assertThat(succeeded.outcome()).isEqualTo(new Outcome.RestorePointProven(restorePoint, 2, 701_000, 1, 0, true));
        RestoreEvent.RestorePointVerified verified = outside.event(
                RestoreEvent.RestorePointVerified.class, event -> event.tenant().equals(tenant));
        assertThat(verified.mailbox()).isEqualTo(mailbox.place.mailbox());
        assertThat(verified.items()).isEqualTo(2);
        assertThat(verified.skipped()).isEqualTo(1);
    }

    @Test
    void failsTheCommandForADamagedRestorePoint() throws IOException {
        Path pack = file(mailbox.packs.getFirst());
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);

        outside.tell(EventId.random(), verify(Optional.of(restorePoint)));

        CommandResult.CommandFailed failed = outside.event(
                CommandResult.CommandFailed.class, result -> result.command().equals(command));
        assertThat(failed.category()).isEqualTo(FailureCategory.PERMANENT);
        assertThat(failed.cause()).isEqualTo("RESTORE_POINT_DAMAGED");
        RestoreEvent.RestorePointDamaged damaged = outside.event(
                RestoreEvent.RestorePointDamaged.class, event -> event.tenant().equals(tenant));
        assertThat(damaged.damages()).isEqualTo(Map.of("CHECKSUM_MISMATCH", 1L));
    }

    @Test
    void saysWhenThereIsNothingToProve() {
        outside.tell(EventId.random(), verify(Optional.of(RestorePointId.random())));

        CommandResult.CommandFailed failed = outside.event(
                CommandResult.CommandFailed.class, result -> result.command().equals(command));
        assertThat(failed.cause()).isEqualTo("NO_RESTORE_POINT");
    }

    @Test
    void doesNotBeginWhatExpired() {
        outside.tell(
                EventId.random(),
                new VerifyRestorePoint(
                        command,
                        tenant,
                        server,
                        mailbox.place.mailbox(),
                        Optional.empty(),
                        Instant.now().minus(Duration.ofSeconds(1))));

        outside.event(
                CommandResult.CommandExpired.class, result -> result.command().equals(command));
    }

    @Test
    void takesACommandOnceHoweverOftenItComes() {
        EventId event = EventId.random();
        outside.tell(event, verify(Optional.empty()));
        outside.tell(event, verify(Optional.empty()));
        outside.tell(EventId.random(), verify(Optional.empty()));
        CommandId later = CommandId.random();
        outside.tell(
                EventId.random(),
                new VerifyRestorePoint(later, tenant, server, mailbox.place.mailbox(), Optional.empty(), inAnHour()));

        outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(later));
        assertThat(outside.eventsSoFar(result -> result instanceof CommandResult.CommandSucceeded succeeded
                        && succeeded.command().equals(command)))
                .hasSize(1);
    }

    @Test
    void leavesOtherServicesCommandsAlone() {
        CommandId foreign = CommandId.random();
        outside.tell(
                EventId.random(),
                new TransitionCommand.EscrowAgentSettings(foreign, tenant, server, AgentId.random(), inAnHour()));
        outside.tell(EventId.random(), verify(Optional.empty()));

        outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(command));
        assertThat(outside.eventsSoFar(result ->
                        result instanceof CommandResult about && about.command().equals(foreign)))
                .isEmpty();
    }

    @Test
    void setsAsideWhatItCannotReadAndGoesOn() {
        ProducerRecord<byte[], byte[]> unreadable = new ProducerRecord<>(
                Topic.TRANSITION_COMMAND.topicName(), server.toString().getBytes(), "{".getBytes());
        outside.send(unreadable);
        outside.tell(EventId.random(), verify(Optional.empty()));

        outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(command));
        assertThat(outside.deadLetter(letter -> new String(letter.key()).equals(server.toString()))
                        .headers()
                        .lastHeader("mailferry-reason"))
                .isNotNull();
    }

    @Test
    void provesARestorePointForAnOperator() {
        HttpResponse<String> started = outside.post(
                "/api/v1/tenants/" + tenant + "/verifications",
                RestoreParts.TOKEN_OF_ALL,
                "{\"mailboxId\":\"" + mailbox.place.mailbox() + "\"}");
        assertThat(started.statusCode()).isEqualTo(202);
        String job =
                "/api/v1/verifications/" + outside.json(started).get("jobId").asText();

        JsonNode proven =
                outside.readUntil(job, node -> node.get("state").asText().equals("proven"));

        assertThat(proven.get("items").asLong()).isEqualTo(2);
        assertThat(proven.get("bytes").asLong()).isEqualTo(701_000);
        assertThat(proven.get("skipped").asLong()).isEqualTo(1);
        assertThat(proven.get("skippedBecause").get("ITEM_CORRUPT").asLong()).isEqualTo(1);
        assertThat(proven.get("complete").asBoolean()).isTrue();
        assertThat(proven.get("restorePoint").asText()).isEqualTo(restorePoint.toString());
        assertThat(outside.get(job, RestoreParts.TOKEN_OF_ONE).statusCode())
                .as("another tenant's operator")
                .isEqualTo(404);
    }

    @Test
    void namesDamagesToAnOperator() throws IOException {
        Files.delete(file(mailbox.packs.getFirst()));
        HttpResponse<String> started = outside.post(
                "/api/v1/tenants/" + tenant + "/verifications",
                RestoreParts.TOKEN_OF_ALL,
                "{\"mailboxId\":\"" + mailbox.place.mailbox() + "\",\"restorePoint\":\"" + restorePoint + "\"}");

        JsonNode damaged = outside.readUntil(
                "/api/v1/verifications/" + outside.json(started).get("jobId").asText(),
                node -> node.get("state").asText().equals("damaged"));

        assertThat(damaged.get("damaged").asLong()).isEqualTo(3);
        JsonNode first = damaged.get("damages").get(0);
        assertThat(first.get("object").asText()).isEqualTo(mailbox.packs.getFirst());
        assertThat(first.get("item").asText()).hasSize(64);
        assertThat(first.get("cause").asText()).isEqualTo("MISSING_OBJECT");
    }

    @Test
    void beginsAgainWhatASilentWorkerLeft() throws SQLException {
        JobId job = JobId.random();
        asSuperuser("""
                INSERT INTO restore.verification (job, tenant, mailbox, requested_at, state, attempts, not_before,
                    lease_holder, lease_until)
                VALUES ('%s', '%s', '%s', now(), 'running', 1, now(), gen_random_uuid(), now() - interval '1 second')
                """.formatted(job, tenant, mailbox.place.mailbox()));

        JsonNode proven = outside.readUntil(
                "/api/v1/verifications/" + job,
                node -> node.get("state").asText().equals("proven"));

        assertThat(proven.get("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void leavesAJobToTheWorkerThatHoldsIt() throws SQLException {
        JobId held = JobId.random();
        asSuperuser("""
                INSERT INTO restore.verification (job, tenant, mailbox, requested_at, state, attempts, not_before,
                    lease_holder, lease_until, items, bytes, expected_items)
                VALUES ('%s', '%s', '%s', now(), 'running', 1, now(), gen_random_uuid(), now() + interval '1 hour',
                    7, 70, 9)
                """.formatted(held, tenant, mailbox.place.mailbox()));
        outside.tell(EventId.random(), verify(Optional.empty()));
        outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(command));

        JsonNode running = outside.read("/api/v1/verifications/" + held);

        assertThat(running.get("state").asText()).isEqualTo("running");
        assertThat(running.get("items").asLong()).isEqualTo(7);
        assertThat(running.get("bytes").asLong()).isEqualTo(70);
        assertThat(running.get("expectedItems").asLong()).isEqualTo(9);
    }

    @Test
    void givesUpAJobThatWasBegunTooOften() throws SQLException {
        JobId job = JobId.random();
        asSuperuser("""
                INSERT INTO restore.verification (job, tenant, mailbox, requested_at, state, attempts, not_before,
                    lease_holder, lease_until)
                VALUES ('%s', '%s', '%s', now(), 'running', 3, now(), gen_random_uuid(), now() - interval '1 second')
                """.formatted(job, tenant, mailbox.place.mailbox()));

        JsonNode failed = outside.readUntil(
                "/api/v1/verifications/" + job,
                node -> node.get("state").asText().equals("failed"));

        assertThat(failed.get("cause").asText()).isEqualTo("UNEXPECTED");
        assertThat(failed.get("category").asText()).isEqualTo("PERMANENT");
    }

    @Test
    void saysWhichKeyIsMissing() throws IOException {
        Path key = Path.of(setting("MAILFERRY_KEYS_DIRECTORY"))
                .resolve(tenant.toString())
                .resolve("kek.json");
        Files.delete(key);

        outside.tell(EventId.random(), verify(Optional.empty()));

        CommandResult.CommandFailed failed = outside.event(
                CommandResult.CommandFailed.class, result -> result.command().equals(command));
        assertThat(failed.cause()).isEqualTo("KEY_MISSING");
    }

    @Test
    void listsRestorePointsNewestFirst() throws IOException {
        mailbox.begin();
        RestorePointId newer = mailbox.end(GoldenMailbox.INBOX);

        JsonNode listed = outside.read(restorePoints(tenant, mailbox.place.mailbox()));

        assertThat(listed).hasSize(2);
        assertThat(listed.get(0).get("restorePoint").asText()).isEqualTo(newer.toString());
        assertThat(listed.get(1).get("restorePoint").asText()).isEqualTo(restorePoint.toString());
        assertThat(listed.get(1).get("items").asLong()).isEqualTo(2);
        assertThat(listed.get(1).get("skipped").asLong()).isEqualTo(1);
        assertThat(listed.get(1).get("complete").asBoolean()).isTrue();
        assertThat(outside.read(restorePoints(tenant, MailboxId.random()))).isEmpty();
    }

    @Test
    void namesTheItemsThatARestorePointLacks() throws IOException {
        String points = restorePoints(tenant, mailbox.place.mailbox());
        mailbox.begin();
        mailbox.page(GoldenMailbox.INBOX, page -> mailbox.skip(page, GoldenMailbox.INBOX, "spoiled later"));
        mailbox.end(GoldenMailbox.INBOX);

        JsonNode skipped = outside.read(points + "/" + restorePoint + "/skipped-items");

        assertThat(skipped).as("what came later is no part of it").hasSize(1);
        assertThat(skipped.get(0).get("itemId").asText()).isEqualTo("spoiled");
        assertThat(skipped.get(0).get("folderId").asText()).isEqualTo(GoldenMailbox.INBOX);
        assertThat(skipped.get(0).get("cause").asText()).isNotBlank();
        assertThat(outside.read(points + "/" + restorePoint + "/skipped-items?from=1"))
                .isEmpty();
        assertThat(outside.get(points + "/" + restorePoint + "/skipped-items?from=-1", RestoreParts.TOKEN_OF_ALL)
                        .statusCode())
                .isEqualTo(400);
        assertThat(outside.get(points + "/" + RestorePointId.random() + "/skipped-items", RestoreParts.TOKEN_OF_ALL)
                        .statusCode())
                .isEqualTo(404);
        assertThat(outside.get(points + "/" + restorePoint + "/skipped-items", RestoreParts.TOKEN_OF_VIEWER)
                        .statusCode())
                .as("a viewer")
                .isEqualTo(403);
    }

    @Test
    void answersOnlyWhomItKnowsAndOnlyTheirTenants() {
        String path = restorePoints(tenant, mailbox.place.mailbox());
        assertThat(outside.get(path, null).statusCode()).isEqualTo(401);
        assertThat(outside.get(path, "unknown").statusCode()).isEqualTo(401);
        assertThat(outside.get(path, RestoreParts.TOKEN_OF_ONE).statusCode()).isEqualTo(404);
        assertThat(outside.get(path, RestoreParts.TOKEN_OF_VIEWER).statusCode()).isEqualTo(200);
        String verifications = "/api/v1/tenants/" + tenant + "/verifications";
        String body = "{\"mailboxId\":\"" + mailbox.place.mailbox() + "\"}";
        assertThat(outside.post(verifications, null, body).statusCode()).isEqualTo(401);
        assertThat(outside.post(verifications, RestoreParts.TOKEN_OF_ONE, body).statusCode())
                .isEqualTo(404);
        assertThat(outside.post(verifications, RestoreParts.TOKEN_OF_VIEWER, body)
                        .statusCode())
                .isEqualTo(403);
        assertThat(outside.get("/api/v1/verifications/" + JobId.random(), RestoreParts.TOKEN_OF_ALL)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void namesTheFieldOfABadRequest() {
        String path = "/api/v1/tenants/" + tenant + "/verifications";
        for (String body : new String[] {"{}", "{\"mailboxId\":\"everyone\"}"}) {
            HttpResponse<String> answer = outside.post(path, RestoreParts.TOKEN_OF_ALL, body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(outside.json(answer).get("field").asText()).isEqualTo("mailboxId");
        }
        assertThat(outside.post(path, RestoreParts.TOKEN_OF_ALL, "no json").statusCode())
                .isEqualTo(400);
    }

    @Test
    void showsNoTenantAnothersRows() throws SQLException {
        outside.tell(EventId.random(), verify(Optional.empty()));
        outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(command));
        try (Connection connection = DriverManager.getConnection(
                        setting("MAILFERRY_DB_URL"), setting("MAILFERRY_DB_USER"), setting("MAILFERRY_DB_PASSWORD"));
                Statement statement = connection.createStatement()) {
            assertThat(count(statement)).as("without a tenant").isZero();
            statement.execute("SET app.tenant = '" + TenantId.random() + "'");
            assertThat(count(statement)).as("as another tenant").isZero();
            statement.execute("SET app.tenant = '" + tenant + "'");
            assertThat(count(statement)).as("as the tenant").isEqualTo(1);
            assertThatThrownBy(() -> statement.execute("UPDATE verification SET tenant = gen_random_uuid()"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.execute("DROP TABLE verification"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void isReadyAndMeasuresItself() throws Exception {
        outside.tell(EventId.random(), verify(Optional.empty()));
        outside.event(
                CommandResult.CommandSucceeded.class, result -> result.command().equals(command));
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var health = http.send(
                    HttpRequest.newBuilder(management.resolve("/q/health/ready"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
            var measured = http.send(
                    HttpRequest.newBuilder(management.resolve("/q/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(measured.body())
                    .contains("mailferry_restore_verifications_total{outcome=\"proven\"")
                    .contains("mailferry_restore_verified_items_total")
                    .contains("mailferry_restore_verified_bytes_total")
                    .contains("mailferry_restore_verification_seconds_count")
                    .contains("mailferry_restore_jobs{state=\"queued\"")
                    .contains("mailferry_outbox_pending");
        }
    }

    private static void asSuperuser(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        setting("MAILFERRY_DB_URL"), setting("test.superuser"), setting("test.superuser-password"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM verification")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private VerifyRestorePoint verify(Optional<RestorePointId> wanted) {
        return new VerifyRestorePoint(command, tenant, server, mailbox.place.mailbox(), wanted, inAnHour());
    }

    private static Instant inAnHour() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    private static String restorePoints(TenantId tenant, MailboxId mailbox) {
        return "/api/v1/tenants/" + tenant + "/mailboxes/" + mailbox + "/restore-points";
    }

    private static Path file(String object) {
        return Path.of(setting("test.s3.data")).resolve(object);
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}
