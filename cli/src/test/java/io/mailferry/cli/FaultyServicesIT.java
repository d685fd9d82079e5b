package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator is told when a service answers something else than what was hoped for: one sentence, no trace. */
final class FaultyServicesIT {
    private static final String TENANTS = "[{\"tenant\":\"11111111-1111-4111-8111-111111111111\",\"name\":\"Nord\"}]";
    private static final String SECRET = "geheimes-token";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer server;
    private PrintStream systemOut;

    private record Answer(int status, String retryAfter, String body) {}

    @BeforeEach
    void start() throws IOException {
        systemOut = System.out;
        System.setOut(stream(out));
        server = HttpServer.create(loopback(), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.stop(0);
        System.setOut(systemOut);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | Unauthorised | (--token-file). Name the file of a valid
            403 | Forbidden    | role
            404 | Not found    | inventory-service: 404
            409 | Conflict     | inventory-service: 409
            500 | Internal     | inventory-service: 500
            """)
    void saysWhatTheServiceSaysAndTheRemedy(int status, String title, String told) throws IOException {
        willAnswer(status, "{\"status\":" + status + ",\"title\":\"" + title + "\",\"detail\":\"Just so.\"}");

        int exit = run("restore-points");

        assertThat(exit).isEqualTo(1);
        assertOneSentence().contains(title).contains("Just so.").contains(told);
        assertThat(asked).as("asked again to no avail").hasSize(1);
    }

    @Test
    void namesTheFieldThatIsWrong() throws IOException {
        willAnswer(200, TENANTS);
        willAnswer(422, "{\"title\":\"Invalid request\",\"detail\":\"No such host.\",\"field\":\"ewsUrl\"}");

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

        assertThat(exit).isEqualTo(1);
        assertOneSentence().contains("No such host.").contains("Field: ewsUrl");
    }

    @ParameterizedTest
    @CsvSource({"429", "503"})
    void readsAgainWhenTheServiceAsksForIt(int status) throws IOException {
        answers.add(new Answer(status, "0", "{\"title\":\"Unavailable\"}"));
        answers.add(new Answer(status, "0", "{\"title\":\"Unavailable\"}"));
        willAnswer(200, "[]");

        run("restore-points");

        assertThat(asked).hasSize(3);
        assertOneSentence().contains("No mailbox is known");
    }

    @Test
    void givesUpAtOnceWhenTheServiceWantsMorePatienceThanThereIs() throws IOException {
        answers.add(new Answer(503, "3600", "{\"title\":\"Unavailable\"}"));

        int exit = run("restore-points", "--patience", "5");

        assertThat(exit).isEqualTo(1);
        assertThat(asked).hasSize(1);
        assertOneSentence().contains("503").contains("Try again in a moment");
    }

    @Test
    void ordersNothingTwiceThatMayHaveBeenTaken() throws IOException {
        willAnswer(200, TENANTS);
        answers.add(new Answer(503, "0", "{\"title\":\"Unavailable\"}"));
        willAnswer(201, "{\"name\":\"mail.example\"}");

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

        assertThat(exit).isEqualTo(1);
        assertThat(asked).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"200,<html>hello</html>,not JSON", "404,<html>nothing</html>,the address of", "200,[{}],without tenant"
    })
    void saysThatTheAddressMayBeAnothers(int status, String body, String told) throws IOException {
        willAnswer(status, body);

        int exit = run("restore-points");

        assertThat(exit).isEqualTo(1);
        assertOneSentence().contains("inventory-service").contains(told).contains(base());
    }

    @Test
    void saysThatTheAnswerTakesTooLong() throws IOException {
        server.removeContext("/");
        server.createContext("/", exchange -> awaitRelease());

        int exit = run("restore-points", "--timeout", "1", "--patience", "0");

        assertThat(exit).isEqualTo(1);
        assertOneSentence().contains("in time").contains("--timeout");
    }

    @Test
    void saysThatNobodyAnswersThere() throws IOException {
        server.stop(0);

        int exit = run("restore-points");

        assertThat(exit).isEqualTo(1);
        assertOneSentence().contains("does not answer").contains("Is the stack up?");
    }

    @Test
    void saysThatTheServiceIsNotTrusted() throws IOException {
        // Without a certificate of its own it refuses every handshake.
        HttpsServer tls = HttpsServer.create(loopback(), 0);
        try {
            tls.setHttpsConfigurator(
                    new com.sun.net.httpserver.HttpsConfigurator(javax.net.ssl.SSLContext.getDefault()));
            tls.start();

            int exit = runAt("https://127.0.0.1:" + tls.getAddress().getPort(), "restore-points");

            assertThat(exit).isEqualTo(1);
            assertOneSentence().contains("not trusted").contains("trustStore");
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } finally {
            tls.stop(0);
        }
    }

    @Test
    void refusesAStateItDoesNotKnowRatherThanFollowForEver() throws IOException {
        willAnswer(200, TENANTS);
        willAnswer(200, "[{\"serverId\":\"s\",\"name\":\"mail\",\"ews\":{}}]");
        willAnswer(201, "{\"mailboxId\":\"m\"}");
        willAnswer(202, "{\"commandId\":\"c\"}");
        willAnswer(200, "{\"state\":\"PONDERING\"}");

        int exit = run("backup", "anna@example.com");

        assertThat(exit).isEqualTo(1);
        assertOneSentence().contains("does not know");
    }

    @Test
    void tellsTheCountsInPlainLinesWhenThereIsNoTerminal() throws IOException {
        willAnswer(200, TENANTS);
        willAnswer(200, "[{\"serverId\":\"s\",\"name\":\"mail\",\"ews\":{}}]");
        willAnswer(201, "{\"mailboxId\":\"m\"}");
        willAnswer(202, "{\"commandId\":\"c\"}");
        willAnswer(
                200,
                "{\"state\":\"SUCCEEDED\",\"outcome\":{\"restorePoint\":\"r\",\"items\":7,\"skipped\":{},"
                        + "\"sealedBytes\":99,\"complete\":true}}");
        willAnswer(503, "{\"title\":\"exporter-service is away, and is not needed\"}");

        int exit = run("backup", "anna@example.com", "anna@example.com");

        assertThat(exit).isZero();
        assertThat(out())
                .contains("anna@example.com: 7 items stored, 0 skipped")
                .doesNotContain("\u001b");
        assertThat(asked.stream().filter(call -> call.endsWith("/exports")))
                .as("named twice")
                .hasSize(1);
        assertThat(err()).isEmpty();
    }

    @Test
    void failsWhenWhatIsStoredIsNotComplete() throws IOException {
        willAnswer(200, TENANTS);
        willAnswer(200, "[{\"serverId\":\"s\",\"name\":\"mail\",\"ews\":{}}]");
        willAnswer(201, "{\"mailboxId\":\"m\"}");
        willAnswer(202, "{\"commandId\":\"c\"}");
        willAnswer(200, "{\"state\":\"SUCCEEDED\",\"outcome\":{\"restorePoint\":\"r\",\"complete\":false}}");
        willAnswer(200, "[]");

        assertThat(run("backup", "anna@example.com")).isEqualTo(1);
        assertThat(out()).contains("NOT complete");
    }

    private org.assertj.core.api.AbstractStringAssert<?> assertOneSentence() {
        String told = err();
        assertThat(told.lines()).as(told).hasSize(1);
        return assertThat(told)
                .startsWith("mailferry: ")
                .doesNotContain("\tat ")
                .doesNotContain(SECRET)
                .doesNotContain("defect");
    }

    private void willAnswer(int status, String body) {
        answers.add(new Answer(status, "", body));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getRequestBody().readAllBytes();
            Answer next = answers.remove();
            byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
            if (!next.retryAfter().isEmpty()) {
                exchange.getResponseHeaders().add("Retry-After", next.retryAfter());
            }
            exchange.sendResponseHeaders(next.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void awaitRelease() {
        try {
            assertThat(released.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int run(String... arguments) throws IOException {
        return runAt(base(), arguments);
    }

    private int runAt(String url, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(arguments));
        for (String service : List.of("inventory", "planner", "exporter", "restore")) {
            line.addAll(List.of("--" + service + "-url", url));
        }
        line.addAll(List.of("--token-file", secret()));
        return Mailferry.commandLine(stream(out), stream(err)).execute(line.toArray(String[]::new));
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String secret() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n", StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file.toString();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
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
