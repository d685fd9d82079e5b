package io.mailferry.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.inventory.FuzzedRequest.Expected;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;

/** An agent whose heartbeats are spoilt, with one of another tenant beside it that must not suffer for it. */
final class FuzzedAgent {
    /** Nobody counts so far; a sequence beyond leaves no room for the next ones. */
    private static final long SEQUENCES = 1_000_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(3);

    /** What is done to heartbeats, by the name under which it is counted. */
    private static final Map<String, Kind> KINDS = kinds();

    private interface Kind {
        FuzzedRequest make(FuzzedAgent agent, FuzzedRequest good, ObjectNode body);
    }

    /** A kind's name and what it made. */
    record Named(String kind, FuzzedRequest request) {}

    final TestedTenant tenant;
    final TestedTenant neighbours;
    private final TestedAgent agent;
    private final TestedAgent colleague;
    private final TestedAgent neighbour;
    private final Random random;
    private final Mutations mutations;
    private UUID formerBoot;
    private long lastTaken;

    private FuzzedAgent(Rest rest, Random random) {
        this.random = random;
        this.mutations = new Mutations(random);
        tenant = TestedTenant.create(rest);
        neighbours = TestedTenant.create(rest);
        agent = tenant.enrol();
        colleague = tenant.enrol();
        neighbour = neighbours.enrol();
        formerBoot = agent.bootId;
    }

    /** With a status that is known, and a boot that is over: its return has been noticed, and is no news any more. */
    static FuzzedAgent create(Rest rest, Random random) {
        FuzzedAgent fuzzed = new FuzzedAgent(rest, random);
        fuzzed.agent.report(fuzzed.status());
        fuzzed.neighbour.report(TestedAgent.status("EX-NEXT-DOOR", "15.0.1497.2"));
        fuzzed.beginANewBoot();
        fuzzed.agent.report(fuzzed.status());
        fuzzed.lastTaken = fuzzed.agent.sequence;
        UUID boot = fuzzed.agent.bootId;
        fuzzed.agent.bootId = fuzzed.formerBoot;
        Answer clone = fuzzed.agent.send(fuzzed.agent.next("h"));
        if (clone.status() != 409) {
            throw new AssertionError("a boot came back and was answered " + clone.status());
        }
        fuzzed.agent.bootId = boot;
        return fuzzed;
    }

    static Set<String> names() {
        return KINDS.keySet();
    }

    private void beginANewBoot() {
        formerBoot = agent.bootId;
        agent.bootId = UUID.randomUUID();
        agent.sequence = 0;
    }

    Named next() {
        List<String> names = List.copyOf(KINDS.keySet());
        return next(names.get(random.nextInt(names.size())));
    }

    Named next(String kind) {
        ObjectNode body = agent.next("hash-of-" + random.nextInt(1_000));
        body.set("status", status());
        ((ArrayNode) body.get("running"))
                .add(command().put("phase", Mutations.PERSONAL).put("percent", 40));
        ObjectNode result = command().put("outcome", "succeeded").put("cause", "other");
        result.putObject("detail").put("version", "4.3.0").put("size", 7);
        ((ArrayNode) body.get("results")).add(result);
        FuzzedRequest good = new FuzzedRequest(
                "POST",
                agent.path(),
                Map.of("Content-Type", "application/json", "Authorization", "Bearer " + agent.credential),
                Mutations.bytes(body),
                Expected.taken());
        return new Named(kind, KINDS.get(kind).make(this, good, body));
    }

    private static ObjectNode command() {
        return Rest.MAPPER
                .createObjectNode()
                .put("commandId", UUID.randomUUID().toString())
                .put("attempt", 1);
    }

    private ObjectNode status() {
        ObjectNode status = TestedAgent.status(Mutations.PERSONAL + "-EX", "Version 15.0 (Build 1473.3)");
        ((ObjectNode) status.get("server"))
                .put("product", "Exchange 2013")
                .putObject("plannedUpdate")
                .put("build", "15.0.1497.2")
                .put("at", "2026-12-20T20:00:00Z");
        for (int number = 0; number < 2; number++) {
            ObjectNode set = TestedAgent.addSet(status, "set-" + number).put("name", "Mail of " + Mutations.PERSONAL);
            set.putObject("lastJob").put("at", "2026-11-20T02:11:00Z").put("outcome", "SUCCEEDED");
            set.putObject("publicFolders").put("items", 3).put("bytes", 4_000);
            for (int mailbox = 0; mailbox < 2; mailbox++) {
                TestedAgent.addMailbox(
                        set,
                        new UUID(number, mailbox),
                        Mutations.PERSONAL + number + mailbox + "@fuzz.example",
                        random.nextInt(9));
            }
        }
        return status;
    }

    /** Whether it would be published, if it is taken. */
    static boolean bearsStatus(JsonNode body) {
        return body.path("status").isObject();
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        inBody(kinds, "flipped bits", mutations -> mutations::flipsBits);
        inBody(kinds, "truncated", mutations -> mutations::truncates);
        inBody(kinds, "invalid UTF-8", mutations -> mutations::breaksUtf8);
        inBody(kinds, "deep nesting", mutations -> mutations::nests);
        inBody(kinds, "odd and huge numbers", mutations -> mutations::putsNumbers);
        inBody(kinds, "wrong types", mutations -> mutations::changesTypes);
        inBody(kinds, "unknown fields", mutations -> mutations::addsFields);
        inBody(kinds, "missing fields", mutations -> mutations::removesAField);
        inBody(kinds, "repeated keys", mutations -> mutations::repeatsAKey);
        inBody(kinds, "odd texts", mutations -> mutations::changesTexts);
        inBody(kinds, "odd times", mutations -> mutations::changesTimes);
        inBody(kinds, "long lists, repeated ids", mutations -> mutations::makesItLong);
        inBody(kinds, "over 1 MiB", mutations -> mutations::padsBeyondTheLimit);
        inBody(kinds, "garbled gzip", mutations -> mutations::garblesGzip);
        inBody(kinds, "several at once", mutations -> mutations::doesSeveral);
        kinds.put("content type", FuzzedAgent::mistypes);
        kinds.put("content encoding", FuzzedAgent::misencodes);
        kinds.put("foreign agent", FuzzedAgent::misaddresses);
        kinds.put("foreign credential", FuzzedAgent::borrowsCredentials);
        kinds.put("sequence", FuzzedAgent::miscounts);
        kinds.put("boot", FuzzedAgent::rebootsWrongly);
        kinds.put("method and query", FuzzedAgent::asksOtherwise);
        return kinds;
    }

    private static void inBody(
            Map<String, Kind> kinds,
            String name,
            Function<Mutations, BiFunction<FuzzedRequest, ObjectNode, FuzzedRequest>> mutation) {
        kinds.put(name, (agent, good, body) -> mutation.apply(agent.mutations).apply(good, body));
    }

    private FuzzedRequest mistypes(FuzzedRequest good, ObjectNode body) {
        return switch (random.nextInt(3)) {
            case 0 ->
                good.with("Content-Type", any(List.of("application/JSON", "application/json;charset=utf-8")), 200);
            case 1 ->
                good.with(
                        "Content-Type",
                        any(List.of("text/plain", "application/xml", "multipart/form-data; boundary=x", "text/json")),
                        415);
            default ->
                good.with(
                        "Content-Type",
                        any(List.of(
                                "json",
                                "/",
                                "application/json;charset=utf-16",
                                "*/*",
                                "application/json;;=",
                                Mutations.PERSONAL)),
                        200,
                        400,
                        415);
        };
    }

    private FuzzedRequest misencodes(FuzzedRequest good, ObjectNode body) {
        return random.nextInt(4) == 0
                ? good.with("Content-Encoding", "identity", 200)
                : good.with(
                                "Content-Encoding",
                                any(List.of(
                                        "br", "deflate", "gzip, gzip", "zstd", "*", Mutations.PERSONAL, "gzip;q=1")))
                        .with(good.body(), Expected.refused(Expected.WHOLE));
    }

    private FuzzedRequest misaddresses(FuzzedRequest good, ObjectNode body) {
        List<String> segments = new ArrayList<>(List.of(
                UUID.randomUUID().toString(),
                neighbour.id.toString(),
                colleague.id.toString(),
                tenant.id().toString(),
                "me",
                Mutations.PERSONAL,
                "%00",
                "1-1-1-1-1",
                "%F0%9F%98%80",
                "x".repeat(2_000),
                "..%2f..",
                "{agent}".replace("{", "%7B").replace("}", "%7D")));
        return good.to(good.path().replace(agent.id.toString(), any(segments)), 404);
    }

    private FuzzedRequest borrowsCredentials(FuzzedRequest good, ObjectNode body) {
        return switch (random.nextInt(4)) {
            case 0 -> good.with("Authorization", null, 401);
            case 1 ->
                good.with("Authorization", "Bearer " + any(List.of(neighbour.credential, colleague.credential)), 404);
            case 2 -> good.with("Authorization", "bearer " + agent.credential, 200);
            default ->
                good.with(
                        "Authorization",
                        any(List.of(
                                "",
                                "Bearer",
                                "Bearer ",
                                "Basic YTpi",
                                agent.credential,
                                "Bearer " + agent.credential + "A",
                                "Bearer " + agent.credential.substring(1),
                                "Bearer " + RealParts.ADMIN,
                                "Bearer " + tenant.enrolmentToken(),
                                "Bearer " + "x".repeat(4_000),
                                "Bearer ' OR 1=1",
                                "Bearer \u00FC" + Mutations.PERSONAL,
                                "Bearer e30.e30.e30")),
                        401);
        };
    }

    private FuzzedRequest miscounts(FuzzedRequest good, ObjectNode body) {
        long sequence = body.get("sequence").asLong();
        return switch (random.nextInt(3)) {
            case 0 -> {
                body.put("sequence", -1 - random.nextLong(Long.MAX_VALUE));
                yield good.with(Mutations.bytes(body), Expected.refused("sequence"));
            }
            case 1 -> {
                // The last one that was taken, or one before.
                long old = Math.max(0, lastTaken - random.nextInt(3));
                body.put("sequence", old);
                yield good.with(Mutations.bytes(body), new Expected(Set.of(409), "sequence"));
            }
            default -> {
                body.put("sequence", random.nextBoolean() ? Long.MAX_VALUE : sequence + random.nextInt(1_000_000));
                yield good.with(Mutations.bytes(body), Expected.taken());
            }
        };
    }

    private FuzzedRequest rebootsWrongly(FuzzedRequest good, ObjectNode body) {
        return switch (random.nextInt(3)) {
            case 0 -> {
                body.put("bootId", formerBoot.toString());
                yield good.with(Mutations.bytes(body), new Expected(Set.of(409), "bootId"));
            }
            case 1 -> {
                body.put(
                        "bootId",
                        any(List.of(
                                "",
                                "1-1-1-1-1",
                                Mutations.PERSONAL,
                                agent.bootId + "0",
                                "{" + agent.bootId + "}",
                                agent.bootId.toString().replace("-", ""))));
                yield good.with(Mutations.bytes(body), Expected.refused("bootId"));
            }
            default -> {
                body.put("bootId", agent.bootId.toString().toUpperCase(Locale.ROOT));
                yield good.with(Mutations.bytes(body), Expected.taken());
            }
        };
    }

    private FuzzedRequest asksOtherwise(FuzzedRequest good, ObjectNode body) {
        return switch (random.nextInt(3)) {
            case 0 -> good.by(any(List.of("GET", "PUT", "DELETE", "PATCH", "TRACE", "QANARY")), 404, 405, 501);
            case 1 ->
                good.to(good.path() + any(List.of("?wait=00", "?x=" + Mutations.PERSONAL, "?wait=0&wait=0")), 200);
            default ->
                good.to(
                        good.path()
                                + any(List.of(
                                        "?wait=abc",
                                        "?wait=-1",
                                        "?wait=",
                                        "?wait=1e3",
                                        "?wait=99999999999",
                                        "?wait=" + Mutations.PERSONAL)),
                        400);
        };
    }

    /** After one was taken whose boot or sequence is not this agent's own any more, it begins a boot of its own. */
    void taken(JsonNode body) {
        long sequence = body.path("sequence").asLong();
        boolean ours = body.path("bootId").asText().equalsIgnoreCase(agent.bootId.toString());
        if (ours && sequence < SEQUENCES) {
            agent.sequence = Math.max(agent.sequence, sequence);
            lastTaken = sequence;
            return;
        }
        beginANewBoot();
        int status = agent.send(agent.next("h")).status();
        if (status != 200) {
            throw new AssertionError("a new boot was answered " + status);
        }
        lastTaken = agent.sequence;
    }

    /** Waits until the inventory reflects what was taken last. */
    void awaitApplied(Connection connection) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT applied_boot = seen_boot AND applied_sequence = seen_sequence FROM inventory.agent WHERE agent = ?")) {
            statement.setObject(1, agent.id.value());
            while (!isTrue(statement)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("a heartbeat was taken and is not applied");
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static boolean isTrue(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
