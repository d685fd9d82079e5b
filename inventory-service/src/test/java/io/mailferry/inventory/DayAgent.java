package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An agent that lives through a day of {@link DayIT}: what there is to say changes, it restarts, its state is copied to
 * another machine, and its heartbeats are repeated, overtaken and lost on their way. It knows what the gateway has to
 * answer to each of them, and keeps the truth of what was taken.
 */
final class DayAgent {
    private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");

    private static final List<DaySays.Build> BUILDS = List.of(
            new DaySays.Build("15.0.1395.4", "15.0.1395.4"),
            new DaySays.Build("Version 15.0 (Build 1473.3)", "15.0.1473.3"),
            new DaySays.Build("15.00.1497.002", "15.0.1497.2"));

    /** What was done, by name, over all agents. */
    private final Map<String, AtomicInteger> counts;

    private final int number;
    private final TestedTenant tenant;
    private final List<Rest> connections;
    private final Random random;
    private final String server;
    private final boolean sharesServer;
    private final Duration skew;
    final DayTruth truth = new DayTruth();

    private String id = "";
    private String credential = "";
    private UUID boot = new UUID(0, 0);
    private long sequence;
    private @Nullable String answeredHash;

    private int version = 1;
    private int build;
    private @Nullable Instant plannedAt;
    private final Map<String, DaySays.OfSet> sets = new TreeMap<>();
    private int boxes;

    /**
     * @param number tells it from all other agents of the day
     * @param sharesServer with another agent; then it is not the one to tell of the server's builds
     */
    DayAgent(
            int number,
            TestedTenant tenant,
            List<Rest> connections,
            Random random,
            String server,
            boolean sharesServer,
            Map<String, AtomicInteger> counts) {
        this.number = number;
        this.tenant = tenant;
        this.connections = connections;
        this.random = random;
        this.server = server;
        this.sharesServer = sharesServer;
        this.skew = Duration.ofMinutes(random.nextInt(-1_440, 1_441));
        this.build = sharesServer ? 1 : 0;
        this.counts = counts;
        for (int more = random.nextInt(3); more >= 0; more--) {
            addSet();
        }
    }

    static Map<String, AtomicInteger> counts() {
        return new ConcurrentHashMap<>();
    }

    String id() {
        return id;
    }

    String server() {
        return server;
    }

    private void count(String what) {
        counts.computeIfAbsent(what, name -> new AtomicInteger()).incrementAndGet();
    }

    private Rest connection() {
        return connections.get(random.nextInt(connections.size()));
    }

    void enrol(String token) {
        boot = new UUID(random.nextLong(), random.nextLong());
        Answer answer = connection().post(null, "/api/v1/agents/enrol", TestedAgent.introduction(token, boot));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        id = answer.text("agentId");
        credential = answer.text("credential");
        sequence = 0;
    }

    /** An hour of its day. */
    void live(int hour) {
        Instant now = DAY.plus(Duration.ofHours(hour));
        switch (random.nextInt(24)) {
            case 0, 1 -> restart();
            case 2 -> beCloned(now);
            default -> {}
        }
        change(now);
        report(now);
    }

    private DaySays says() {
        return new DaySays(server, "4." + version + ".0", BUILDS.get(build), plannedAt, List.copyOf(sets.values()));
    }

    private ObjectNode next(Instant now, DaySays says) {
        String hash = RealParts.sha256(says.json().toString());
        ObjectNode body = Rest.MAPPER
                .createObjectNode()
                .put("sequence", ++sequence)
                .put("bootId", boot.toString())
                .put("sentAt", now.plus(skew).plusSeconds(random.nextInt(3_600)).toString())
                .put("statusHash", hash);
        if (!hash.equals(answeredHash)) {
            body.set("status", says.json());
        }
        return body;
    }

    private Answer send(ObjectNode body) {
        return send(connection(), body);
    }

    private Answer send(Rest connection, ObjectNode body) {
        count("heartbeats sent");
        return connection.post(credential, "/api/v1/agents/" + id + "/heartbeat", body);
    }

    private Answer deliver(ObjectNode body, DaySays says) {
        Answer answer = send(body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        taken(body, says);
        return answer;
    }

    private void taken(JsonNode body, DaySays says) {
        if (body.has("status")) {
            count("statuses taken");
            truth.take(says);
        }
    }

    /** An answer that asks for the status is obeyed, or one that was taken without an answer would be overlooked. */
    private void answered(JsonNode body, Answer answer) {
        answeredHash = answer.body().path("fullStatusWanted").asBoolean()
                ? null
                : body.path("statusHash").asText();
    }

    private void refused(ObjectNode body, String field) {
        Answer answer = send(body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
        assertThat(answer.text("field")).isEqualTo(field);
    }

    /** One heartbeat, and what may become of it on its way. */
    private void report(Instant now) {
        DaySays says = says();
        ObjectNode body = next(now, says);
        switch (random.nextInt(10)) {
            case 0 -> {
                count("repeated later");
                answered(body, deliver(body, says));
                refused(body, "sequence");
            }
            case 1 -> repeatedAtOnce(body, says);
            case 2 -> {
                count("overtaken");
                change(now);
                DaySays later = says();
                ObjectNode overtaking = next(now, later);
                answered(overtaking, deliver(overtaking, later));
                refused(body, "sequence");
            }
            case 3 -> {
                count("answer lost");
                deliver(body, says);
            }
            case 4 -> count("never arrived");
            default -> answered(body, deliver(body, says));
        }
    }

    private void repeatedAtOnce(ObjectNode body, DaySays says) {
        count("repeated at once");
        Rest another = connection();
        CompletableFuture<Answer> other = CompletableFuture.supplyAsync(() -> send(another, body));
        List<Answer> answers = List.of(send(body), other.join());
        assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
        taken(body, says);
        answers.stream().filter(answer -> answer.status() == 200).forEach(answer -> answered(body, answer));
    }

    /** One heartbeat that arrives and is answered. */
    void beat(int hour) {
        DaySays says = says();
        ObjectNode body = next(DAY.plus(Duration.ofHours(hour)), says);
        answered(body, deliver(body, says));
    }

    /** Returns once the inventory reflects what this agent said last. */
    void settle(int hour) {
        beat(hour);
        Eventually.isTrue("the status of " + id + " is known", () -> {
            DaySays says = says();
            ObjectNode body = next(DAY.plus(Duration.ofHours(hour)), says);
            answered(body, deliver(body, says));
            return !body.has("status") && answeredHash != null;
        });
    }

    private void restart() {
        count("restarts");
        boot = new UUID(random.nextLong(), random.nextLong());
        sequence = random.nextInt(3);
        // It need not remember what it said.
        answeredHash = random.nextBoolean() ? null : answeredHash;
    }

    /** The clone reports first; the original is refused, and an operator decides for it. */
    private void beCloned(Instant now) {
        count("clones");
        // The gateway has met the original's boot.
        deliver(next(now, says()), says());
        UUID original = boot;
        long counted = sequence;
        String copied = credential;
        boot = new UUID(random.nextLong(), random.nextLong());
        UUID cloned = boot;
        sequence = 0;
        answeredHash = null;
        DaySays says = says();
        deliver(next(now, says), says);

        boot = original;
        sequence = counted;
        Answer refused = send(next(now, says));
        assertThat(refused.status()).as(refused.body().toString()).isEqualTo(409);
        assertThat(refused.text("type")).isEqualTo("urn:mailferry:problem:enrolAnew");
        Answer token = connection()
                .post(
                        RealParts.ADMIN,
                        tenant.path("/enrolment-tokens"),
                        Rest.MAPPER.createObjectNode().put("agentId", id));
        String before = id;
        enrol(token.text("token"));
        assertThat(id).isEqualTo(before);

        ObjectNode ofClone = next(now, says).put("bootId", cloned.toString());
        assertThat(connection()
                        .post(copied, "/api/v1/agents/" + id + "/heartbeat", ofClone)
                        .status())
                .isEqualTo(401);
    }

    private void change(Instant now) {
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            switch (random.nextInt(9)) {
                case 0 -> version = Math.min(version + 1, 9);
                case 1 -> {
                    if (!sharesServer) {
                        build = Math.min(build + 1, BUILDS.size() - 1);
                    }
                }
                case 2 -> {
                    if (!sharesServer) {
                        plannedAt = plannedAt == null ? now.plus(Duration.ofDays(1 + random.nextInt(9))) : null;
                    }
                }
                case 3 -> addSet();
                case 4 -> {
                    if (sets.size() > 1) {
                        sets.remove(anyRef());
                    }
                }
                case 5 -> moveABox();
                default -> changeASet(now);
            }
        }
    }

    private String anyRef() {
        return List.copyOf(sets.keySet()).get(random.nextInt(sets.size()));
    }

    /** Or one that was there before. */
    private void addSet() {
        String ref = "set-" + random.nextInt(4);
        if (!sets.containsKey(ref)) {
            List<DaySays.Box> fresh = new ArrayList<>();
            for (int more = random.nextInt(4); more > 0; more--) {
                fresh.add(box());
            }
            sets.put(ref, new DaySays.OfSet(ref, true, true, 1_000_000, 1_000, null, false, fresh));
        }
    }

    private DaySays.Box box() {
        int box = ++boxes;
        return new DaySays.Box(
                new UUID(number, box), "box" + box + "-" + number + "@day.example", random.nextInt(1_000));
    }

    private void changeASet(Instant now) {
        DaySays.OfSet was = sets.get(anyRef());
        List<DaySays.Box> changed = new ArrayList<>(was.boxes());
        switch (random.nextInt(4)) {
            case 0 -> changed.add(random.nextInt(changed.size() + 1), box());
            case 1 -> {
                if (!changed.isEmpty()) {
                    changed.remove(random.nextInt(changed.size()));
                }
            }
            default ->
                changed.replaceAll(box -> random.nextBoolean()
                        ? box
                        : new DaySays.Box(
                                box.guid(),
                                random.nextInt(4) == 0 ? "new-" + box.address() : box.address(),
                                box.items() + random.nextInt(3)));
        }
        boolean worked = random.nextBoolean();
        // Two in one hour are of different moments.
        Instant job = now.plus(random.nextInt(3_600), ChronoUnit.SECONDS);
        boolean newJob = worked && (was.jobAt() == null || job.isAfter(was.jobAt()));
        sets.put(
                was.ref(),
                new DaySays.OfSet(
                        was.ref(),
                        was.schedule() ^ random.nextInt(6) == 0,
                        was.retention() ^ random.nextInt(6) == 0,
                        was.quota(),
                        was.used() + random.nextInt(2) * 500L,
                        newJob ? job : was.jobAt(),
                        newJob ? random.nextInt(4) > 0 : was.jobSucceeded(),
                        changed));
    }

    private void moveABox() {
        DaySays.OfSet from = sets.get(anyRef());
        DaySays.OfSet to = sets.get(anyRef());
        if (from == to || from.boxes().isEmpty()) {
            return;
        }
        DaySays.Box moved = from.boxes().getFirst();
        sets.put(from.ref(), with(from, from.boxes().stream().skip(1).toList()));
        sets.put(
                to.ref(),
                with(to, Stream.concat(to.boxes().stream(), Stream.of(moved)).toList()));
    }

    private static DaySays.OfSet with(DaySays.OfSet set, List<DaySays.Box> boxes) {
        return new DaySays.OfSet(
                set.ref(),
                set.schedule(),
                set.retention(),
                set.quota(),
                set.used(),
                set.jobAt(),
                set.jobSucceeded(),
                boxes);
    }
}
