package io.mailferry.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.HttpRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Agents without servers against a gateway, over more than one run. */
class SimulateIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<String> enrolled = new ArrayList<>();
    private final List<JsonNode> heartbeats = new ArrayList<>();
    private final Set<String> agents = new HashSet<>();
    private final Set<String> strangers = new HashSet<>();
    private final AtomicInteger underway = new AtomicInteger();
    private final AtomicInteger underwayMax = new AtomicInteger();
    private boolean takesResults = true;
    private boolean delivers;
    private HttpListener gateway;
    private Path token;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpListener.start(0, null, this::serve);
        token = Files.writeString(folder.resolve("token"), "token-1\n", StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    @Test
    void goesOnAsTheSameAgentsInALaterRun() throws IOException {
        assertThat(simulate(() -> boots().size() == 12, "--agents", "12")).isZero();
        assertThat(enrolled).hasSize(12).doesNotHaveDuplicates();
        assertThat(agents).hasSize(12);
        Set<String> boots = boots();

        // What the first run still had underway when it ended may come in later.
        assertThat(simulate(() -> bootsBeside(boots).size() == 12, "--agents", "12"))
                .isZero();

        assertThat(enrolled).as("no agent enrolled twice").hasSize(12);
        assertThat(agents).hasSize(12);
        assertThat(strangers).isEmpty();
        assertThat(bootsBeside(boots)).as("a new process is a new boot").hasSize(12);
    }

    @Test
    void carriesACommandOutOnceOverRuns() throws IOException {
        delivers = true;
        takesResults = false;
        assertThat(simulate(() -> !results("succeeded").isEmpty() && versions().contains("4.3.0"), "--agents", "1"))
                .isZero();
        assertThat(results("succeeded")).isNotEmpty();
        assertThat(versions()).contains("4.3.0");

        heartbeats.clear();
        takesResults = true;
        assertThat(simulate(() -> heartbeats.size() > 3, "--agents", "1")).isZero();

        assertThat(results("succeeded")).as("said until it is taken").hasSize(1);
        assertThat(results("accepted")).hasSize(1);
        assertThat(versions()).as("what was done is done").containsExactly("4.3.0");
    }

    @Test
    void readsAJournalWhoseLastLineIsTorn() throws IOException {
        assertThat(simulate(() -> heartbeats.size() > 1, "--agents", "1")).isZero();
        Path journal = journals().getFirst();
        Files.writeString(journal, "{\"line\":\"acc", StandardCharsets.UTF_8, StandardOpenOption.APPEND);

        assertThat(simulate(() -> heartbeats.size() > 1, "--agents", "1")).isZero();

        assertThat(enrolled).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal)))
                .isEqualTo("rw-------");
    }

    @Test
    void asksNoMoreAtATimeThanItIsTold() throws IOException {
        assertThat(simulate(() -> agents.size() == 40, "--agents", "40", "--parallel", "3"))
                .isZero();
        assertThat(agents).hasSize(40);
        assertThat(underwayMax).hasValueBetween(1, 3);
    }

    @Test
    void tellsHowManyAreRefused() throws IOException {
        Files.writeString(token, "spent\n", StandardCharsets.UTF_8);
        assertThat(simulate(() -> said.toString().contains("refused 2"), "--agents", "2"))
                .isEqualTo(1);
        assertThat(said.toString()).contains("agents 2  enrolled 0  refused 2").doesNotContain("spent");
    }

    @Test
    void refusesToShowCredentialsToTheNetwork() {
        assertThat(run(
                        new SimulateCommand(),
                        "--agents",
                        "1",
                        "--url",
                        "http://gateway.example:8081",
                        "--token-file",
                        token.toString()))
                .isEqualTo(2);
        assertThat(run(new SimulateCommand(), "--agents", "0", "--url", url(), "--token-file", token.toString()))
                .isEqualTo(2);
        assertThat(said.toString()).contains("--insecure-http").contains("--agents is from 1 to 20,000.");
        assertThat(enrolled).isEmpty();
    }

    private final StringWriter said = new StringWriter();

    /** Runs it until something is so. */
    private int simulate(BooleanSupplier enough, String... options) throws IOException {
        List<String> line = new ArrayList<>(List.of(options));
        line.addAll(List.of("--url", url(), "--token-file", token.toString()));
        line.addAll(List.of("--journals", folder.resolve("journals").toString()));
        SimulateCommand command = new SimulateCommand();
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(() -> run(command, line.toArray(String[]::new)));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!holds(enough)) {
            assertThat(System.nanoTime()).as("it comes to that").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000L);
        }
        command.stop();
        return exit.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private synchronized boolean holds(BooleanSupplier enough) {
        return enough.getAsBoolean();
    }

    private int run(SimulateCommand command, String... options) {
        PrintWriter out = new PrintWriter(said, true);
        return new CommandLine(command).setOut(out).setErr(out).execute(options);
    }

    private String url() {
        return "http://127.0.0.1:" + gateway.port();
    }

    private List<Path> journals() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("journals"))) {
            return files.toList();
        }
    }

    private Set<String> bootsBeside(Set<String> known) {
        return boots().stream().filter(boot -> !known.contains(boot)).collect(Collectors.toSet());
    }

    private Set<String> boots() {
        Set<String> boots = new HashSet<>();
        heartbeats.forEach(heartbeat -> boots.add(heartbeat.path("bootId").asText()));
        return boots;
    }

    private Set<String> versions() {
        Set<String> versions = new HashSet<>();
        for (JsonNode heartbeat : heartbeats) {
            if (heartbeat.has("status")) {
                versions.add(heartbeat.at("/status/agent/version").asText());
            }
        }
        return versions;
    }

    private List<JsonNode> results(String outcome) {
        List<JsonNode> results = new ArrayList<>();
        for (JsonNode heartbeat : heartbeats) {
            for (JsonNode result : heartbeat.path("results")) {
                if (result.path("outcome").asText().equals(outcome)) {
                    results.add(result);
                }
            }
        }
        return results;
    }

    private void serve(HttpRequest request, HttpAnswer answer) throws IOException {
        underwayMax.accumulateAndGet(underway.incrementAndGet(), Math::max);
        try {
            JsonNode body = JSON.readTree(request.body());
            int status = 200;
            ObjectNode reply;
            synchronized (this) {
                reply = request.path().endsWith("/enrol") ? enrol(body) : heartbeat(request, body);
                status = reply.path("status").asInt(200);
            }
            answer.send(status, "application/json", JSON.writeValueAsBytes(reply));
        } finally {
            underway.decrementAndGet();
        }
    }

    private ObjectNode enrol(JsonNode body) {
        ObjectNode reply = JSON.createObjectNode();
        if (!body.path("token").asText().equals("token-1")) {
            return reply.put("status", 401);
        }
        String name = body.path("name").asText();
        enrolled.add(name);
        return reply.put("status", 201)
                .put("agentId", "id-of-" + name)
                .put("credential", "secret-of-" + name)
                .put("heartbeatIntervalMs", 100);
    }

    private ObjectNode heartbeat(HttpRequest request, JsonNode body) {
        String agent = request.path().replaceAll(".*/agents/([^/]+)/heartbeat", "$1");
        agents.add(agent);
        String credential = "Bearer secret-of-" + agent.substring("id-of-".length());
        if (!credential.equals(request.header("Authorization"))) {
            strangers.add(agent);
        }
        heartbeats.add(body);
        ObjectNode reply = JSON.createObjectNode().put("nextIntervalMs", 100);
        ArrayNode taken = reply.putArray("resultsTaken");
        if (takesResults) {
            body.path("results").forEach(taken::add);
        }
        reply.putArray("cancel");
        ArrayNode commands = reply.putArray("commands");
        if (delivers) {
            ObjectNode upgrade = commands.addObject();
            upgrade.put("commandId", "command-1").put("type", "UpgradeAgent").put("attempt", 1);
            upgrade.put("expiresAt", "2999-01-01T00:00:00Z")
                    .putObject("payload")
                    .put("minimumVersion", "4.3.0");
        }
        return reply;
    }
}
