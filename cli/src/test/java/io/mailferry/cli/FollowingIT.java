package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator sees of work that is followed: what holds it, what to do about it, and what was moved in the end. */
final class FollowingIT {
    private static final String TENANT = "11111111-1111-4111-8111-111111111111";
    private static final String COMMAND = "/api/v1/commands/c";
    private static final String JOBS = "/api/v1/tenants/" + TENANT + "/jobs";
    private static final String SERVERS = "/api/v1/tenants/" + TENANT + "/servers";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private PrintStream systemOut;

    @BeforeEach
    void start() throws IOException {
        systemOut = System.out;
        System.setOut(stream(out));
        answers.put("/api/v1/tenants", "[{\"tenant\":\"" + TENANT + "\",\"name\":\"Nord\"}]");
        answers.put(SERVERS, "[{\"serverId\":\"s\",\"name\":\"mail\",\"ews\":{}}]");
        answers.put("/api/v1/servers/s/mailboxes", "{\"mailboxId\":\"m\"}");
        answers.put("/api/v1/tenants/" + TENANT + "/exports", "{\"commandId\":\"c\"}");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.setOut(systemOut);
    }

    @Test
    void saysWhatHoldsABackupAndWhenItIsTriedAgainAndStopsFollowingWhenItIsTold() throws IOException {
        answers.put(COMMAND, "{\"state\":\"RUNNING\",\"progress\":{\"items\":0,\"bytes\":0,\"expectedItems\":0}}");
        answers.put(JOBS, job("waiting", ",\"cause\":\"ConnectionRefused\",\"nextTryAt\":\"" + inSeconds(20) + "\""));

        int exit = run("backup", "office@example.com", "--follow", "1");

        assertThat(exit).isEqualTo(1);
        assertThat(out())
                .containsPattern("office@example.com: Exchange cannot be reached \\(ConnectionRefused\\);"
                        + " next try in (20|19) s\\. Check that the server runs")
                .contains("not backed up yet: Exchange cannot be reached (ConnectionRefused)")
                .contains("goes on in the background")
                .contains("mailferry restore-points office@example.com");
        assertThat(out().lines().filter(line -> line.contains("next try")))
                .as("said once, and once behind the bar that begins to move")
                .hasSize(2);
    }

    @Test
    void stopsFollowingWhatIsHeldWhenItsCommandExpires() throws IOException {
        answers.put(
                COMMAND,
                "{\"state\":\"RUNNING\",\"issuedAt\":\"2026-01-01T00:00:00Z\",\"expiresAt\":\"2026-01-01T00:00:01Z\"}");
        answers.put(JOBS, job("running", ",\"cause\":\"UnknownHost\""));

        int exit = run("backup", "office@example.com");

        assertThat(exit).isEqualTo(1);
        assertThat(out()).contains("trying again").contains("No longer followed after 0:01");
    }

    @ParameterizedTest
    @CsvSource({
        "CertificateRefused,--pin",
        "CertificateRefused,--ca",
        "HttpStatus401,--password-file",
        "HttpStatus403,ApplicationImpersonation",
        "ErrorNonExistentMailbox,spelling",
        "KeyMissing,copy of the keys",
        "ArchiveDamaged_GAP,mailferry verify",
        "ReadTimeout,load",
        "ErrorOfTomorrow,Exchange refuses"
    })
    void saysWhatToDoAboutAFailureAndTheCodeBehindIt(String code, String remedy) throws IOException {
        answers.put(
                COMMAND, "{\"state\":\"FAILED\",\"failure\":{\"category\":\"PERMANENT\",\"cause\":\"" + code + "\"}}");

        int exit = run("backup", "office@example.com");

        assertThat(exit).isEqualTo(1);
        assertThat(out())
                .contains("office@example.com: failed: ")
                .contains(remedy)
                .contains("(" + code + ", permanent)");
    }

    @Test
    void tellsWhatWasReadThisTimeApartFromWhatIsStored() throws IOException {
        answers.put(
                COMMAND,
                "{\"state\":\"SUCCEEDED\",\"outcome\":{\"restorePoint\":\"r\",\"items\":428,\"skipped\":{\"X\":2},"
                        + "\"sealedBytes\":5300000,\"complete\":true}}");
        answers.put(JOBS, job("succeeded", ",\"bytes\":77000"));

        int exit = run("backup", "office@example.com");

        assertThat(exit).isZero();
        assertThat(out())
                .contains("428 items stored, 2 skipped, 5.3 MB in S3, complete")
                .contains("77.0 kB read from Exchange this time");
        assertThat(out().lines().filter(line -> line.contains("428/428 items")))
                .as("the bar ends with the job's own figures")
                .singleElement()
                .satisfies(line -> assertThat(line).contains("77.0 kB").contains("2 skipped"));
    }

    @Test
    void registersNothingWhenOneOfTheAddressesIsNone() throws IOException {
        int exit = run("backup", "a@example.com", "b@example.com", "not-an-address");

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("MAILBOX 3 of 3").contains("not-an-address").contains("Nothing was registered");
        assertThat(asked).isEmpty();
    }

    @Test
    void listsServersOfOneNameSoThatTheyCanBeToldApart() throws IOException {
        answers.put(
                SERVERS,
                "[{\"serverId\":\"s\",\"name\":\"mail\",\"ews\":{}},{\"serverId\":\"s2\",\"name\":\"mail\",\"ews\":{}}]");

        int exit = run("backup", "a@example.com");

        assertThat(exit).isEqualTo(2);
        assertThat(err()).contains("--tenant 'Nord' --server 'mail' (s)").contains("(s2)");
    }

    @Test
    void registersWithoutClaimingThatItWasTried() throws IOException {
        answers.put(SERVERS, "{\"name\":\"mail.example\"}");

        int exit = run(
                "connect",
                "--tenant",
                "Nord",
                "--ews",
                "https://mail.example/",
                "--user",
                "u",
                "--password-file",
                secret());

        assertThat(exit).isZero();
        assertThat(out())
                .contains("Registered mail.example")
                .contains("not tried yet")
                .doesNotContain("Connected");
    }

    @Test
    void failsAndCountsWhenOneOfAllMailboxesCannotBeVerified() throws IOException {
        String known = "/api/v1/tenants/" + TENANT + "/mailboxes";
        answers.put(known, "[" + mailbox("m1", "a") + "," + mailbox("m2", "b") + "]");
        answers.put("/api/v1/tenants/" + TENANT + "/verifications", "{\"jobId\":\"{mailboxId}\"}");
        answers.put("/api/v1/verifications/m1", "{\"state\":\"proven\",\"complete\":true,\"items\":3}");
        answers.put(
                "/api/v1/verifications/m2",
                "{\"state\":\"failed\",\"category\":\"PERMANENT\",\"cause\":\"NO_RESTORE_POINT\"}");

        int exit = run("verify");

        assertThat(exit).isEqualTo(1);
        assertThat(out())
                .contains("b@example.com: could not be verified: it has no restore point. Back it up")
                .contains("(NO_RESTORE_POINT, permanent)")
                .contains("1 of 2 mailboxes verified, 1 NOT");
    }

    private static String mailbox(String id, String name) {
        return "{\"mailboxId\":\"" + id + "\",\"serverId\":\"s\",\"address\":\"" + name + "@example.com\"}";
    }

    private static String job(String state, String more) {
        return "[{\"commandId\":\"another\",\"state\":\"failed\",\"cause\":\"Old\"},{\"commandId\":\"c\",\"state\":\""
                + state + "\"" + more + "}]";
    }

    private static Instant inSeconds(int seconds) {
        return Instant.now().plusSeconds(seconds);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String answer = answers.get(exchange.getRequestURI().getPath());
            String id = sent.replaceAll(".*\"mailboxId\":\"([^\"]*)\".*", "$1");
            byte[] body = (answer == null ? "{}" : answer.replace("{mailboxId}", id)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private int run(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(arguments));
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        for (String service : List.of("inventory", "planner", "exporter", "restore")) {
            line.addAll(List.of("--" + service + "-url", url));
        }
        line.addAll(List.of("--token-file", secret()));
        return Mailferry.commandLine(stream(out), stream(err)).execute(line.toArray(String[]::new));
    }

    private String secret() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "geheim\n", StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
