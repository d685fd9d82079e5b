package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Topic;
import io.mailferry.inventory.FuzzedRequest.Expected;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Spoilt heartbeats, by kind and number. Goal: whatever comes over the line, the gateway answers it itself, a refusal is
 * a problem that says where, nobody's data comes back or into a log, and what was refused has changed nothing. Method:
 * good heartbeats, mutated at random from a fixed seed, against the running service with its real PostgreSQL and Kafka;
 * after each refusal all rows of the tenant and of its neighbour are compared with those before it. What is taken must
 * be applied, and the operators' views of it must still be readable.
 */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class FuzzIT {
    private static final long SEED = 20_261_123;

    /** Of which the test tells. */
    private static final int VIOLATIONS_MAX = 50;

    @TestHTTPResource("/")
    URI base;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Map<String, AtomicInteger>> outcomes = new ConcurrentHashMap<>();
    private final AtomicInteger published = new AtomicInteger();
    private final List<String> logged = new ArrayList<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private Rest rest;
    private String digestOfRows;

    @Test
    void refusesWhatIsSpoiltAndChangesNothing() throws Exception {
        fuzz(2, 150, 1);
    }

    @Test
    @Tag("long")
    void refusesAHundredThousandSpoiltHeartbeatsAndChangesNothing() throws Exception {
        fuzz(400, 250, 4);
    }

    /** @param ofEach after so many an agent is replaced by a fresh one of another tenant */
    private void fuzz(int agents, int ofEach, int atOnce) throws Exception {
        rest = new Rest(base);
        digestOfRows = digestOfRows();
        int topic = heartbeats("");
        int setAside = heartbeats(".dlq");
        Handler handler = new Watch();
        Logger.getLogger("").addHandler(handler);
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<?>> all = new ArrayList<>();
            for (int number = 0; number < agents; number++) {
                long seed = SEED + number;
                all.add(threads.submit(() -> {
                    spoil(new Random(seed), ofEach);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            Logger.getLogger("").removeHandler(handler);
        }
        System.out.println(table());

        assertThat(violations).isEmpty();
        assertThat(logged).as("log lines with personal data").isEmpty();
        assertThat(heartbeats("") - topic).as("published heartbeats").isEqualTo(published.get());
        assertThat(heartbeats(".dlq")).as("heartbeats set aside").isEqualTo(setAside);
        assertThat(outcomes.keySet()).isEqualTo(FuzzedAgent.names());
    }

    private static int heartbeats(String suffix) {
        return Topics.records(Topic.AGENT_HEARTBEAT.topicName() + suffix).size();
    }

    private void spoil(Random random, int ofEach) throws Exception {
        FuzzedAgent agent = FuzzedAgent.create(rest, random);
        published.addAndGet(3);
        try (Connection connection = Database.connect(RealParts.postgres().superuser())) {
            String before = digest(connection, agent);
            List<String> kinds = List.copyOf(FuzzedAgent.names());
            for (int number = 0; number < ofEach; number++) {
                // Each kind in its turn at first, so that the few of the default run have all of them.
                FuzzedAgent.Named spoilt = number < kinds.size() ? agent.next(kinds.get(number)) : agent.next();
                if (isTaken(spoilt)) {
                    JsonNode body = Rest.MAPPER.readTree(plain(spoilt.request()));
                    if (FuzzedAgent.bearsStatus(body)) {
                        published.incrementAndGet();
                        agent.awaitApplied(connection);
                    }
                    agent.taken(body);
                    before = digest(connection, agent);
                } else {
                    String after = digest(connection, agent);
                    if (!after.equals(before)) {
                        violations.add("rows changed although it was refused: " + told(spoilt));
                    }
                    before = after;
                }
            }
            lookAround(agent);
            forget(connection, agent);
        }
    }

    private boolean isTaken(FuzzedAgent.Named spoilt) throws Exception {
        HttpResponse<String> answer =
                http.send(spoilt.request().http(base), BodyHandlers.ofString(StandardCharsets.UTF_8));
        int status = answer.statusCode();
        outcomes.computeIfAbsent(spoilt.kind(), kind -> new ConcurrentHashMap<>())
                .computeIfAbsent(status == 200 ? "taken" : Integer.toString(status), outcome -> new AtomicInteger())
                .incrementAndGet();
        violation(spoilt.request().expected(), answer).ifPresent(violation -> {
            if (violations.size() < VIOLATIONS_MAX) {
                violations.add(violation + " " + answer + " " + answer.body() + " to " + told(spoilt));
            }
        });
        return status == 200;
    }

    /** What is wrong with the answer, if anything. */
    private static Optional<String> violation(Expected expected, HttpResponse<String> answer) throws IOException {
        int status = answer.statusCode();
        String text = answer.body().toLowerCase(Locale.ROOT);
        if (text.contains(Mutations.PERSONAL) || text.contains("fuzz.example")) {
            return Optional.of("personal data in");
        }
        if (!expected.statuses().contains(status)) {
            return Optional.of("not one of " + expected.statuses());
        }
        if (status == 200) {
            return Optional.empty();
        }
        if (!answer.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")) {
            return Optional.of("no problem");
        }
        JsonNode problem = Rest.MAPPER.readTree(answer.body());
        if (problem.path("status").asInt() != status
                || problem.path("title").asText().isBlank()) {
            return Optional.of("no whole problem");
        }
        String field = problem.path("field").asText();
        if (field.isEmpty() && (status == 400 || status == 409 || status == 413)) {
            return Optional.of("no field");
        }
        return expected.field() == null || (field + ".").startsWith(expected.field() + ".")
                ? Optional.empty()
                : Optional.of("blames another field than " + expected.field());
    }

    /** Enough of it to do it again by hand. */
    private static String told(FuzzedAgent.Named spoilt) {
        FuzzedRequest request = spoilt.request();
        String body = new String(request.body(), StandardCharsets.ISO_8859_1);
        return spoilt.kind() + ": " + request.method() + " " + request.path() + " " + request.headers() + " "
                + body.substring(0, Math.min(body.length(), 4_000));
    }

    private static byte[] plain(FuzzedRequest request) throws IOException {
        String encoding = request.headers().getOrDefault("Content-Encoding", "identity");
        if (!encoding.toLowerCase(Locale.ROOT).contains("gzip")) {
            return request.body();
        }
        try (InputStream inflating = new GZIPInputStream(new ByteArrayInputStream(request.body()))) {
            return inflating.readAllBytes();
        }
    }

    /** What the operators see of what was taken. */
    private void lookAround(FuzzedAgent agent) {
        for (String path : List.of("/agents", "/servers", "/backup-sets", "/mailboxes", "/statistics")) {
            Answer answer = rest.get(RealParts.OF_ALL_ROLES, agent.tenant.path(path));
            assertThat(answer.status()).as(path).isEqualTo(200);
        }
        for (JsonNode server :
                rest.get(RealParts.OF_ALL_ROLES, agent.tenant.path("/servers")).body()) {
            String path = "/api/v1/servers/" + server.path("serverId").asText();
            assertThat(rest.get(RealParts.OF_ALL_ROLES, path).status()).isEqualTo(200);
            assertThat(rest.get(RealParts.OF_ALL_ROLES, path + "/history").status())
                    .isEqualTo(200);
        }
    }

    /** All rows of the agent's tenant and its neighbour's, but for what the clock alone changes. */
    private String digest(Connection connection, FuzzedAgent agent) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(digestOfRows)) {
            statement.setArray(1, connection.createArrayOf("uuid", new Object[] {
                agent.tenant.id().value(), agent.neighbours.id().value()
            }));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static String digestOfRows() {
        List<String> tables = Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.list(
                        connection,
                        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'inventory'"
                                + " AND column_name = 'tenant' AND table_name NOT IN ('outbox', 'fleet_presence') ORDER BY 1"));
        assertThat(tables)
                .contains("agent", "agent_boot", "exchange_server", "backup_set", "mailbox", "inventory_change");
        return tables.stream()
                .map(table -> "SELECT '" + table
                        + "' || (to_jsonb(t) - 'presence' - 'silence_told' - 'returning_seen_at')::text AS line"
                        + " FROM inventory." + table + " t WHERE tenant = ANY ((SELECT tenants FROM looked)::uuid[])")
                .collect(Collectors.joining(
                        " UNION ALL ",
                        "WITH looked AS (SELECT ?::uuid[] AS tenants) SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (",
                        ") AS every"));
    }

    /** Keeps the tables small, or looking at all rows would take longer each time. */
    private static void forget(Connection connection, FuzzedAgent agent) throws SQLException {
        for (String table : List.of(
                "inventory_change",
                "backup_set_mailbox",
                "mailbox",
                "backup_set",
                "agent_boot",
                "enrolment_token",
                "agent",
                "exchange_server",
                "fleet_presence")) {
            Database.update(
                    connection,
                    "DELETE FROM inventory." + table + " WHERE tenant IN ('" + agent.tenant.id() + "', '"
                            + agent.neighbours.id() + "')");
        }
    }

    private String table() {
        Map<String, Integer> all = new TreeMap<>();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%n%-28s %8s  %s%n", "spoilt heartbeats", "number", "taken, or refused with"));
        for (String kind : FuzzedAgent.names()) {
            Map<String, Integer> counts = new TreeMap<>();
            outcomes.getOrDefault(kind, Map.of()).forEach((outcome, count) -> counts.put(outcome, count.get()));
            counts.forEach((outcome, count) -> all.merge(outcome, count, Integer::sum));
            text.append(line(kind, counts));
        }
        return text.append(line("all", all)).toString();
    }

    private static String line(String name, Map<String, Integer> counts) {
        int number = counts.values().stream().mapToInt(Integer::intValue).sum();
        return String.format(Locale.ROOT, "%-28s %8d  %s%n", name, number, counts);
    }

    /** Listens to all logs for what must not be there. */
    private final class Watch extends Handler {
        @Override
        public void publish(LogRecord line) {
            String text = line.getMessage() + Arrays.toString(line.getParameters()) + stack(line.getThrown());
            if (text.toLowerCase(Locale.ROOT).contains(Mutations.PERSONAL)) {
                synchronized (logged) {
                    logged.add(text);
                }
            }
        }

        private static String stack(Throwable thrown) {
            StringBuilder text = new StringBuilder();
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                text.append(cause);
            }
            return text.toString();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
