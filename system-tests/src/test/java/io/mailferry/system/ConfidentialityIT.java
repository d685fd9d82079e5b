package io.mailferry.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.stack.ServiceKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nothing of the mail, no address and no credential is readable at rest or under way. An agent's set goes through its
 * whole transition, items are skipped, an export and a heartbeat are refused, a record is dead-lettered; then phrases of
 * all that are looked for in the broker's log files, the database's files and rows, the bucket, the services' logs and
 * scratch files, and were looked for in every record as it came.
 */
@ExtendWith(SystemStack.class)
final class ConfidentialityIT {
    private static final String ADDRESS = "path@system.example";
    private static final String GUARDED = "GRD-VAULT77";
    private static final String PLANNED = "ottoline.vane@guarded-house.example";
    private static final String REFUSED = "refused.wick@guarded-house.example";

    /** What the test itself writes where it may not come out again. */
    private static final String IN_A_HEARTBEAT = "heartbeat.leak@guarded-house.example";

    private static final String IN_A_DEAD_RECORD = "sparrowgate dead ember";

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Pattern OPAQUE = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern PLAIN_FACT = Pattern.compile("[A-Za-z0-9._:/+-]*");
    private static final Pattern HEADER =
            Pattern.compile("ce_(specversion|id|source|type|time|mailferrytenant)|content-type"
                    + "|mailferry-(reason|topic|partition|offset)");

    private final SystemStack.Running running;

    ConfidentialityIT(SystemStack.Running running) {
        this.running = running;
    }

    @AfterEach
    void calmDown() {
        running.fleet().clearFaults();
        running.fleet().stopAgents();
    }

    @Test
    void leavesNoTraceOfMailAddressesOrCredentials() throws Exception {
        Operator guarded = new Operator(running, GUARDED);
        String token = enrolmentToken(guarded);
        List<String> secrets = secrets();
        secrets.add(token);
        Needles early = new Needles(secrets);
        ConcurrentLinkedQueue<String> onTheWay = new ConcurrentLinkedQueue<>();

        try (Tap tap =
                new Tap(running.stack().kafka(), Tap.everyTopic(), heard -> onTheWay.addAll(findings(heard, early)))) {
            Operator operator = running.operator();
            MailboxId mailbox = operator.mailbox(ADDRESS);
            operator.export(mailbox);
            operator.verify(mailbox);
            running.fleet().startAgents(gateway(), "Guarded", token);
            awaitPlanDone(guarded);
            failAnExport(guarded);
            secrets.add(refusedHeartbeats(guarded));
            writeADeadRecord();
        }

        assertThat(onTheWay).as("records that show what they must not").isEmpty();
        Needles needles = new Needles(secrets);
        for (Path place : places()) {
            assertThat(needles.below(place))
                    .as("files that show what they must not")
                    .isEmpty();
        }
        Database database = new Database(running.stack().postgres());
        for (String table : database.tables()) {
            assertThat(needles.in(table, database.text(table).getBytes(StandardCharsets.UTF_8)))
                    .as("rows that show what they must not")
                    .isEmpty();
        }
        assertThat(new Needles(List.of(IN_A_DEAD_RECORD))
                        .below(running.stack().folder().logs()))
                .isEmpty();
        assertThat(needles.count()).isGreaterThan(8 * secrets.size() / 2);
    }

    @Test
    void wouldFindAPhraseInEachPlace() throws Exception {
        String phrase = "planted-" + UUID.randomUUID();
        Needles needles = new Needles(List.of(phrase));
        List<ConsumerRecord<byte[], byte[]>> heard = new ArrayList<>();
        try (Tap tap = new Tap(running.stack().kafka(), List.of(Topic.RESTORE_EVENT.topicName()), heard::add)) {
            ProducerRecord<byte[], byte[]> planted = new ProducerRecord<>(
                    Topic.RESTORE_EVENT.topicName(), phrase.getBytes(StandardCharsets.UTF_8), utf8("{}"));
            planted.headers().add("subject", utf8(phrase));
            write(planted);
            write(new ProducerRecord<>(
                    Topic.RESTORE_EVENT.topicName(), utf8(UUID.randomUUID().toString()), utf8(phrase)));
        }
        JsonNode tenant = running.rest(ServiceKind.INVENTORY).post("/tenants", Map.of("name", phrase));
        running.bucket().put("control/" + UUID.randomUUID(), utf8("x".repeat(3_000_000) + phrase));
        Path log = Files.writeString(running.stack().folder().logs().resolve("planted.log"), phrase);

        assertThat(heard).hasSize(2).allMatch(each -> !findings(each, needles).isEmpty());
        for (Path place : places()) {
            if (!place.endsWith("scratch")) {
                assertThat(needles.below(place))
                        .as("planted in " + place.getFileName())
                        .isNotEmpty();
            }
        }
        Database database = new Database(running.stack().postgres());
        assertThat(tenant.path("tenant").asText()).isNotEmpty();
        assertThat(database.tables())
                .filteredOn(
                        table -> !needles.in(table, utf8(database.text(table))).isEmpty())
                .contains("inventory.tenant");
        Files.delete(log);
    }

    @Test
    void wouldFindAPhraseAcrossTwoReads() throws IOException {
        String phrase = running.fleet().phrases().getFirst();
        Path file = Files.writeString(running.folder().resolve("leak"), "x".repeat((1 << 20) - 5) + phrase);

        assertThat(new Needles(List.of(phrase)).in(file)).hasSize(1);
    }

    private List<String> secrets() {
        SimulatedFleet fleet = running.fleet();
        List<String> secrets = new ArrayList<>(fleet.phrases());
        secrets.addAll(List.of(ADDRESS, PLANNED, REFUSED, IN_A_HEARTBEAT, fleet.settingsPhrase()));
        secrets.addAll(List.of("Ottoline Vane", "Refused Wick"));
        for (String server : List.of(SimulatedFleet.SERVER, GUARDED)) {
            secrets.add(fleet.servicePassword(server));
            secrets.add(fleet.serviceUser(server).replaceFirst(".*\\\\", ""));
        }
        secrets.add(running.stack().folder().operatorToken());
        assertThat(secrets).doesNotContain("").hasSizeGreaterThan(20);
        return secrets;
    }

    private List<Path> places() {
        List<Path> places = List.of(
                running.stack().kafka().data(),
                running.stack().postgres().data(),
                running.stack().s3().data(),
                running.stack().folder().logs(),
                running.stack().folder().path().resolve("scratch"));
        assertThat(places).allMatch(Files::isDirectory);
        return places;
    }

    private String gateway() {
        return running.stack().service(ServiceKind.INVENTORY).url();
    }

    private String enrolmentToken(Operator operator) {
        return running.rest(ServiceKind.INVENTORY)
                .post("/tenants/" + operator.tenant() + "/enrolment-tokens", Map.of("uses", 5, "expiresIn", "PT10M"))
                .path("token")
                .asText();
    }

    /** Escrow, EWS set, export, verification and the end of the MAPI set's schedule, all by commands and heartbeats. */
    private void awaitPlanDone(Operator guarded) {
        Rest planner = running.rest(ServiceKind.PLANNER);
        Await.until(
                "the agent's plan is done",
                DEADLINE,
                () -> planner.read("/tenants/" + guarded.tenant() + "/plans")
                        .valueStream()
                        .anyMatch(plan -> plan.path("state").asText().equals("DONE")));
        String prefix = "t/" + guarded.tenant() + "/escrow/";
        try {
            assertThat(running.bucket().list(prefix)).as("escrowed settings").hasSize(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void failAnExport(Operator guarded) {
        running.fleet().fault(GUARDED, Map.of("kind", "errorInAnswer", "code", "ErrorAccessDenied"));
        JsonNode ended = guarded.ended(guarded.startExport(guarded.mailbox(REFUSED)));
        assertThat(ended.path("state").asText()).isEqualTo("FAILED");
        running.fleet().clearFaults();
    }

    /** @return the credential of the agent that sent them */
    private String refusedHeartbeats(Operator guarded) {
        String boot = UUID.randomUUID().toString();
        JsonNode enrolled = new Rest(gateway() + "/api/v1", Optional.empty())
                .post(
                        "/agents/enrol",
                        Map.of(
                                "token", enrolmentToken(guarded),
                                "name", "leaky",
                                "brand", "vendor",
                                "version", "4.1.0",
                                "bootId", boot));
        String credential = enrolled.path("credential").asText();
        Rest agent = new Rest(gateway() + "/api/v1", Optional.of(credential));
        String path = "/agents/" + enrolled.path("agentId").asText() + "/heartbeat";
        Map<String, Object> result = Map.of(
                "commandId",
                UUID.randomUUID().toString(),
                "attempt",
                1,
                "outcome",
                "failed",
                "cause",
                "cannot read " + IN_A_HEARTBEAT);
        Map<String, Object> ends = Map.of(
                "sequence",
                1,
                "bootId",
                boot,
                "sentAt",
                "2026-01-01T00:00:00Z",
                "statusHash",
                "h",
                "running",
                List.of(),
                "results",
                List.of(result));
        assertThat(agent.send("POST", path, Optional.of(ends)).status()).isEqualTo(400);
        assertThat(agent.send("POST", path, Optional.of(Map.of("sequence", IN_A_HEARTBEAT)))
                        .status())
                .isEqualTo(400);
        return credential;
    }

    /** A dead letter tells the place of a record, and nothing of what is in it. */
    private void writeADeadRecord() throws Exception {
        ConcurrentLinkedQueue<String> letters = new ConcurrentLinkedQueue<>();
        String key = UUID.randomUUID().toString();
        try (Tap tap = new Tap(running.stack().kafka(), List.of(Topic.COMMAND_RESULT.deadLetterName()), letter -> {
            if (key.equals(new String(letter.key(), StandardCharsets.UTF_8))) {
                letters.addAll(new Needles(List.of(IN_A_DEAD_RECORD)).in("a dead letter", letter.value()));
                letters.add("heard");
            }
        })) {
            write(new ProducerRecord<>(Topic.COMMAND_RESULT.topicName(), utf8(key), utf8(IN_A_DEAD_RECORD)));
            Await.until("the record is dead-lettered", DEADLINE, () -> letters.contains("heard"));
        }
        assertThat(letters).containsOnly("heard");
    }

    private void write(ProducerRecord<byte[], byte[]> wanted) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", running.stack().kafka().bootstrap());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(wanted).get(30, TimeUnit.SECONDS);
        }
    }

    /** What is wrong with a record: a key that says something, a header of any other kind, a needle anywhere. */
    private static List<String> findings(ConsumerRecord<byte[], byte[]> heard, Needles needles) {
        List<String> found = new ArrayList<>();
        String place = heard.topic() + " at " + heard.partition() + "/" + heard.offset();
        if (heard.key() == null
                || !OPAQUE.matcher(new String(heard.key(), StandardCharsets.UTF_8))
                        .matches()) {
            found.add(place + " has a key that is no opaque id");
        }
        for (Header header : heard.headers()) {
            String value = new String(header.value(), StandardCharsets.UTF_8);
            if (!HEADER.matcher(header.key()).matches()
                    || !PLAIN_FACT.matcher(value).matches()
                    || value.contains(GUARDED)) {
                found.add(place + " has a header " + header.key());
            }
        }
        Stream.of(heard.key(), heard.value())
                .filter(bytes -> bytes != null)
                .forEach(bytes -> found.addAll(needles.in(place, bytes)));
        return found;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
