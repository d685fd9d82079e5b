package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists for people and for programs, over what inventory-service answers. */
final class OperatorCommandsIT {
    private static final Map<String, String> MORE = Map.of(
            "POST /api/v1/servers/s-1/mailboxes/import",
            "{\"rows\":2,\"added\":1,\"changed\":1,\"unchanged\":0}",
            "GET /api/v1/servers/s-1/history",
            "[{\"changeId\":2,\"at\":\"2026-01-03T00:00:00Z\",\"what\":\"ExchangeUpdated\",\"before\":{\"build\":\"1\"},"
                    + "\"after\":{\"build\":\"2\"},\"said\":{\"by\":\"AGENT\"}},"
                    + "{\"changeId\":1,\"at\":\"2026-01-02T00:00:00Z\",\"what\":\"ServerDiscovered\",\"said\":{\"by\":\"AGENT\"}}]",
            "GET /api/v1/tenants/t-1/statistics",
            "{\"toMove\":{\"mailboxes\":2,\"items\":3000,\"bytes\":4500000},\"notCovered\":{\"archives\":"
                    + "{\"mailboxes\":1,\"items\":7,\"bytes\":700}},\"servers\":[{\"name\":\"EX01\",\"toMove\":"
                    + "{\"mailboxes\":2,\"items\":3000,\"bytes\":4500000},\"backupSets\":[{\"name\":\"Mail\",\"mode\":\"MAPI\","
                    + "\"mailboxes\":{\"mailboxes\":2,\"items\":3000,\"bytes\":4500000}}]}]}");
    /** Empty where nothing is answered but that it is done. */
    private static final Map<String, String> DONE = Map.of(
            "DELETE /api/v1/agents/a-1",
            "",
            "DELETE /api/v1/tenants/t-1/enrolment-tokens/k-1",
            "",
            "POST /api/v1/tenants/t-1/manual-agents",
            "{\"agentId\":\"a-9\"}",
            "POST /api/v1/agents/a-1/by-hand",
            "",
            "PUT /api/v1/agents/a-1/status",
            "",
            "POST /api/v1/agents/a-2/manual-results",
            "");

    private static final Map<String, String> BY_HAND = Map.of(
            "GET /api/v1/tenants/t-1/enrolment-tokens",
            "[{\"id\":\"k-1\",\"usesLeft\":2,\"expiresAt\":\"2026-01-08T00:00:00Z\",\"agentId\":null,"
                    + "\"createdBy\":\"ann\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"revokedAt\":null}]",
            "GET /api/v1/tenants/t-2/enrolment-tokens",
            "[]",
            "GET /api/v1/tenants/t-1/manual-steps",
            "[]",
            "GET /api/v1/tenants/t-2/manual-steps",
            "[{\"commandId\":\"c-1\",\"agentId\":\"a-2\",\"serverId\":\"s-2\",\"type\":\"CreateEwsBackupSet\","
                    + "\"attempt\":2,\"state\":\"QUEUED\",\"expiresAt\":\"2026-01-08T00:00:00Z\","
                    + "\"payload\":{\"name\":\"Board by EWS\"},\"refused\":null}]",
            "GET /api/v1/mailboxes/m-1",
            "{\"mailboxId\":\"m-1\",\"address\":\"ann@example.com\",\"archive\":{\"items\":7,\"bytes\":700}}");
    private static final Map<String, String> ANSWERS = Map.of(
            "GET /api/v1/tenants",
            "[{\"tenant\":\"t-1\",\"name\":\"Nord\",\"createdAt\":\"2026-01-01T00:00:00Z\"},"
                    + "{\"tenant\":\"t-2\",\"name\":\"Süd\",\"createdAt\":\"2026-01-02T00:00:00Z\"}]",
            "GET /api/v1/tenants/t-2",
            "{\"tenant\":\"t-2\",\"name\":\"Süd\"}",
            "POST /api/v1/tenants",
            "{\"tenant\":\"t-3\",\"name\":\"West\"}",
            "POST /api/v1/tenants/t-1/enrolment-tokens",
            "{\"token\":\"enrol-me\",\"uses\":3,\"expiresAt\":\"2026-01-08T00:00:00Z\"}",
            "GET /api/v1/tenants/t-1/agents",
            "[{\"agentId\":\"a-1\",\"name\":\"agent one\",\"brand\":\"B\",\"version\":\"1.2\",\"state\":\"PRESENT\","
                    + "\"lastSeenAt\":\"2026-01-03T00:00:00Z\"}]",
            "GET /api/v1/tenants/t-2/agents",
            "[{\"agentId\":\"a-2\",\"name\":\"agent two\",\"brand\":\"B\",\"version\":\"1.2\",\"state\":\"NEW\","
                    + "\"lastSeenAt\":null}]",
            "GET /api/v1/tenants/t-1/servers",
            "[{\"serverId\":\"s-1\",\"name\":\"EX01\",\"build\":\"15.0.1497.48\",\"buildObserved\":null,"
                    + "\"ews\":{\"url\":\"https://ex01.example/EWS\",\"impersonate\":true}}]",
            "GET /api/v1/tenants/t-2/servers",
            "[{\"serverId\":\"s-2\",\"name\":\"ex01\",\"build\":null,\"buildObserved\":null,\"ews\":null}]",
            "GET /api/v1/tenants/t-1/mailboxes",
            "[{\"mailboxId\":\"m-1\",\"serverId\":\"s-1\",\"address\":\"ann@example.com\",\"items\":1234,\"bytes\":1500000,\"backupSets\":[\"b\"]}]",
            "GET /api/v1/tenants/t-2/mailboxes",
            "[]");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> bodies = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> methods = new ArrayList<>();
    private boolean paged;
    private final PrintStream systemOut = System.out;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        System.setOut(stream(out));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.setOut(systemOut);
    }

    @Test
    void listsTenantsAsATableAndAsJson() throws IOException {
        assertThat(run("tenant", "list")).isZero();
        assertThat(lines())
                .containsExactly(
                        "NAME  TENANT  CREATED",
                        "Nord  t-1     2026-01-01T00:00:00Z",
                        "Süd   t-2     2026-01-02T00:00:00Z");
        out.reset();
        assertThat(run("tenant", "list", "--json")).isZero();
        JsonNode json = new ObjectMapper().readTree(out.toByteArray());
        assertThat(json).hasSize(2);
        assertThat(json.at("/1/name").asText()).isEqualTo("Süd");
    }

    @Test
    void showsATenantByItsName() throws IOException {
        assertThat(run("tenant", "show", "süd")).isZero();
        assertThat(lines()).containsExactly("FIELD   VALUE", "tenant  t-2", "name    Süd");
        assertThat(run("tenant", "show", "Ost")).isEqualTo(2);
        assertThat(err()).contains("Ost").contains("Nord, Süd");
    }

    @Test
    void makesATenant() throws IOException {
        assertThat(run("tenant", "create", "West", "--json")).isZero();
        assertThat(bodies).containsExactly("{\"name\":\"West\"}");
        assertThat(out()).contains("t-3");
    }

    @Test
    void printsANewTokenAlone() throws IOException {
        assertThat(run("token", "create", "--tenant", "Nord", "--uses", "3", "--expires-in", "PT1H"))
                .isZero();
        assertThat(out()).isEqualTo("enrol-me" + System.lineSeparator());
        assertThat(err()).contains("3 agents").doesNotContain("enrol-me");
        assertThat(bodies).containsExactly("{\"uses\":3,\"expiresIn\":\"PT1H\"}");
    }

    @Test
    void writesANewTokenWhereNobodyElseReadsIt() throws IOException {
        Path file = folder.resolve("enrolment.token");
        assertThat(run("token", "create", "--tenant", "Nord", "--out", file.toString()))
                .isZero();
        assertThat(Files.readString(file)).isEqualTo("enrol-me\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(out() + err()).doesNotContain("enrol-me");
        assertThat(run("token", "create", "--tenant", "Nord", "--out", file.toString()))
                .isEqualTo(2);
        assertThat(Files.readString(file)).isEqualTo("enrol-me\n");
    }

    @Test
    void listsAgentsOfAllTenantsOrOfOne() throws IOException {
        assertThat(run("agent", "list")).isZero();
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(2))
                .startsWith("Süd")
                .contains("agent two")
                .contains("NEW")
                .contains(" -  ");
        out.reset();
        assertThat(run("agent", "list", "--tenant", "Nord")).isZero();
        assertThat(lines()).hasSize(2);
    }

    @Test
    void showsAndRevokesTheOneAgentThatIsMeant() throws IOException {
        assertThat(run("agent", "show", "Agent One")).as(err()).isZero();
        assertThat(lines()).contains("agentId     a-1").anyMatch(line -> line.matches("state +PRESENT"));
        assertThat(asked).contains("/api/v1/tenants/t-1/agents?q=Agent+One");
        assertThat(run("agent", "revoke", "agent one", "--tenant", "Süd")).isEqualTo(2);
        assertThat(run("agent", "revoke", "agent")).isEqualTo(2);
        assertThat(methods).doesNotContain("DELETE");

        assertThat(run("agent", "revoke", "a-1")).as(err()).isZero();

        assertThat(asked).last().isEqualTo("/api/v1/agents/a-1");
        assertThat(methods).last().isEqualTo("DELETE");
        assertThat(err()).contains("agent one (a-1) is revoked");
    }

    @Test
    void listsAgentsOfAState() throws IOException {
        assertThat(run("agent", "list", "--tenant", "Nord", "--state", "SILENT"))
                .isZero();
        assertThat(asked).last().isEqualTo("/api/v1/tenants/t-1/agents?state=SILENT");
    }

    @Test
    void makesATokenForAnAgentOfTheTenantOnly() throws IOException {
        assertThat(run("token", "create", "--tenant", "Nord", "--agent", "agent one"))
                .as(err())
                .isZero();
        assertThat(bodies).containsExactly("{\"uses\":1,\"expiresIn\":\"P7D\",\"agentId\":\"a-1\"}");
        assertThat(run("token", "create", "--tenant", "Nord", "--agent", "agent two"))
                .isEqualTo(2);
        assertThat(bodies).hasSize(1);
    }

    @Test
    void listsTokensWithoutShowingThemAndRevokesOne() throws IOException {
        assertThat(run("token", "list")).as(err()).isZero();
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(1)).matches("Nord +2 +2026-01-08T00:00:00Z +- +ann +- +k-1");
        assertThat(run("token", "revoke", "k-1", "--tenant", "nord")).as(err()).isZero();
        assertThat(asked).last().isEqualTo("/api/v1/tenants/t-1/enrolment-tokens/k-1");
        assertThat(methods).last().isEqualTo("DELETE");
        assertThat(run("token", "revoke", "k-2", "--tenant", "nord")).isEqualTo(1);
    }

    @Test
    void takesAnAgentsPlace() throws IOException {
        assertThat(run(
                        "agent",
                        "create",
                        "by hand",
                        "--tenant",
                        "Nord",
                        "--brand",
                        "Acme Backup",
                        "--version",
                        "4.1.0",
                        "--json"))
                .as(err())
                .isZero();
        assertThat(out()).contains("a-9");
        assertThat(run("agent", "take-over", "agent one")).as(err()).isZero();
        assertThat(asked).last().isEqualTo("/api/v1/agents/a-1/by-hand");
        Path status = Files.writeString(folder.resolve("status.json"), "{\"server\":{}}");
        assertThat(run("agent", "report", "agent one", "--status", status.toString()))
                .as(err())
                .isZero();
        assertThat(asked).last().isEqualTo("/api/v1/agents/a-1/status");
        assertThat(methods).last().isEqualTo("PUT");
        assertThat(bodies)
                .containsExactly(
                        "{\"name\":\"by hand\",\"brand\":\"Acme Backup\",\"version\":\"4.1.0\"}",
                        "{}",
                        "{\"server\":{}}");
        assertThat(run("agent", "report", "agent one", "--status", "absent.json"))
                .isEqualTo(2);
    }

    @Test
    void listsStepsAndConfirmsOneAsTheAttemptThatItIs() throws IOException {
        assertThat(run("agent", "steps")).as(err()).isZero();
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(1))
                .matches(
                        "Süd +CreateEwsBackupSet +\\{\"name\":\"Board by EWS\"} +QUEUED +2026-01-08T00:00:00Z +- +c-1");
        Path ref = Files.writeString(folder.resolve("ref"), "set-9\n");

        assertThat(run("agent", "confirm", "c-1", "--detail", "ref=@" + ref))
                .as(err())
                .isZero();
        assertThat(run("agent", "confirm", "c-1", "--outcome", "rejected", "--cause", "notPermitted"))
                .isZero();

        assertThat(bodies)
                .containsExactly(
                        "{\"commandId\":\"c-1\",\"attempt\":2,\"outcome\":\"succeeded\",\"detail\":{\"ref\":\"set-9\"}}",
                        "{\"commandId\":\"c-1\",\"attempt\":2,\"outcome\":\"rejected\",\"cause\":\"notPermitted\"}");
        assertThat(run("agent", "confirm", "c-2")).isEqualTo(2);
        assertThat(run("agent", "confirm", "c-1", "--tenant", "Nord")).isEqualTo(2);
        assertThat(bodies).hasSize(2);
    }

    @Test
    void showsAMailboxByItsAddressOrId() throws IOException {
        assertThat(run("mailboxes", "show", "ann@example.com", "--tenant", "Nord"))
                .as(err())
                .isZero();
        assertThat(lines().stream().map(line -> line.replaceAll(" +", " "))).contains("archive.items 7");
        assertThat(asked).contains("/api/v1/tenants/t-1/mailboxes?address=ann%40example.com");
        out.reset();
        assertThat(run("mailboxes", "show", "m-1")).as(err()).isZero();
        assertThat(out()).contains("ann@example.com");
    }

    @Test
    void showsAServerOnceItIsClearWhichOneIsMeant() throws IOException {
        assertThat(run("server", "list")).isZero();
        assertThat(lines()).hasSize(3);
        assertThat(run("server", "show", "EX01")).isEqualTo(2);
        assertThat(err()).contains("--tenant");
        out.reset();
        assertThat(run("server", "show", "EX01", "--tenant", "Nord")).isZero();
        assertThat(out()).contains("ews.url").contains("https://ex01.example/EWS");
        assertThat(run("server", "show", "s-2")).isZero();
        assertThat(run("server", "show", "EX09")).isEqualTo(2);
    }

    @Test
    void listsMailboxesWithWhatTheyHold() throws IOException {
        assertThat(run("mailboxes", "list")).isZero();
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(1)).contains("ann@example.com").contains("1,234").contains("1.5 MB");
    }

    @Test
    void importsFilesInTheirOrder() throws IOException {
        Path first = Files.writeString(folder.resolve("mailboxes.csv"), "\"PrimarySmtpAddress\"\n\"ä@example.com\"\n");
        Path second = Files.writeString(folder.resolve("statistics.csv"), "\"ItemCount\"\n\"7\"\n");

        assertThat(run("mailboxes", "import", "--server", "s-1", "--csv", first.toString(), second.toString()))
                .as(err())
                .isZero();

        assertThat(bodies).containsExactly(Files.readString(first), Files.readString(second));
        assertThat(types).containsOnly("text/csv");
        assertThat(lines().getFirst().split(" +")).containsExactly("FILE", "ROWS", "ADDED", "CHANGED", "UNCHANGED");
        assertThat(lines()).hasSize(3);
        assertThat(run("mailboxes", "import", "--server", "s-1", "--csv", "absent.csv"))
                .isEqualTo(2);
        assertThat(err()).contains("absent.csv");
    }

    @Test
    void listsWhatChangedOfAServer() throws IOException {
        assertThat(run("server", "history", "s-1", "--limit", "2")).as(err()).isZero();
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1))
                .contains("ExchangeUpdated")
                .contains("{\"build\":\"2\"}")
                .endsWith("AGENT");
        assertThat(asked).contains("/api/v1/servers/s-1/history?limit=2");
    }

    @Test
    void countsWhatWillHaveToMove() throws IOException {
        assertThat(run("tenant", "statistics", "Nord")).as(err()).isZero();
        assertThat(lines().stream().map(line -> line.replaceAll(" {2,}", "|").strip()))
                .containsSequence(
                        "to move|2|3,000|4.5 MB",
                        "|EX01|2|3,000|4.5 MB",
                        "|Mail (MAPI)|2|3,000|4.5 MB",
                        "not covered: archives|1|7|700 B");
    }

    @Test
    void readsAListPageByPage() throws IOException {
        paged = true;
        assertThat(run("tenant", "list")).as(err()).isZero();
        assertThat(lines()).hasSize(3);
        assertThat(asked).containsExactly("/api/v1/tenants", "/api/v1/tenants?after=t-1");
    }

    @Test
    void namesTheOuterCommandsHelpWhenAnInnerOneIsWrong() throws IOException {
        assertThat(run("tenant")).isEqualTo(2);
        assertThat(run("tenant", "show", "--tenants")).isEqualTo(2);
        assertThat(err()).contains("mailferry help tenant").doesNotContain("help show");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!body.isEmpty()) {
            bodies.add(body);
            types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
        }
        asked.add(exchange.getRequestURI().toString());
        methods.add(exchange.getRequestMethod());
        String key =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        String answer = Stream.of(ANSWERS, MORE, DONE, BY_HAND)
                .map(answers -> answers.get(key))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (paged) {
            boolean first = exchange.getRequestURI().getQuery() == null;
            answer = "[{\"tenant\":\"t-" + (first ? 1 : 2) + "\",\"name\":\"one of two\"}]";
            if (first) {
                exchange.getResponseHeaders().add("Link", "</api/v1/tenants?after=t-1>; rel=\"next\"");
            }
        }
        byte[] bytes = (answer == null ? "{\"title\":\"Not found\"}" : answer).getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            exchange.sendResponseHeaders(204, -1);
        } else {
            exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private int run(String... arguments) throws IOException {
        Path token = folder.resolve("token");
        Files.writeString(token, "secret\n", StandardCharsets.UTF_8);
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--token-file", token.toString()));
        line.addAll(List.of(
                "--inventory-url", "http://127.0.0.1:" + server.getAddress().getPort()));
        return Mailferry.commandLine(stream(out), stream(err)).execute(line.toArray(String[]::new));
    }

    private List<String> lines() {
        return out().lines().toList();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
