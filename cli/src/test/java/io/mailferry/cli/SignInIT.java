package io.mailferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in at a provider and with a token file, and what later commands make of it. */
final class SignInIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path KEPT = Path.of(System.getenv("MAILFERRY_SIGN_IN_FILE"));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Deque<String> tokenAnswers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final PrintStream systemOut = System.out;
    private HttpServer server;
    private boolean providerKnown = true;

    @BeforeEach
    void start() throws IOException {
        Files.deleteIfExists(KEPT);
        System.setOut(stream(out));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.stop(0);
        System.setOut(systemOut);
        Files.deleteIfExists(KEPT);
    }

    @Test
    void signsInByACodeThatIsConfirmedElsewhere() throws IOException {
        tokenAnswers.add("{\"error\":\"authorization_pending\"}");
        tokenAnswers.add(granted("access-1", 300));

        assertThat(run("login", "--inventory-url", base())).as(err()).isZero();

        assertThat(out())
                .contains(base() + "/device?user_code=ABCD-EFGH")
                .contains("ABCD-EFGH")
                .contains("Signed in");
        assertThat(out() + err()).doesNotContain("access-1").doesNotContain("refresh-1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(KEPT)))
                .isEqualTo("rw-------");
        assertThat(asked).contains("GET /api/v1/sign-in -");

        assertThat(run("tenant", "list")).as(err()).isZero();
        assertThat(asked).contains("GET /api/v1/tenants Bearer access-1");
        assertThat(out()).contains("Nord");
    }

    @Test
    void renewsATokenThatIsAboutToEnd() throws IOException {
        tokenAnswers.add(granted("access-1", 10));
        tokenAnswers.add(granted("access-2", 300).replace("refresh-1", "refresh-2"));
        run("login", "--inventory-url", base());

        assertThat(run("tenant", "list")).as(err()).isZero();
        assertThat(run("tenant", "list")).as(err()).isZero();

        assertThat(asked.stream().filter(one -> one.startsWith("GET /api/v1/tenants")))
                .containsExactly("GET /api/v1/tenants Bearer access-2", "GET /api/v1/tenants Bearer access-2");
        assertThat(asked).contains("POST /token grant_type=refresh_token refresh_token=refresh-1");
        JsonNode kept = MAPPER.readTree(Files.readAllBytes(KEPT));
        assertThat(kept.at("/oidc/refresh").asText()).isEqualTo("refresh-2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(KEPT)))
                .isEqualTo("rw-------");
    }

    @Test
    void saysThatASignInHasEnded() throws IOException {
        tokenAnswers.add(granted("access-1", 10));
        tokenAnswers.add("{\"error\":\"invalid_grant\"}");
        run("login", "--inventory-url", base());

        assertThat(run("tenant", "list")).isEqualTo(1);
        assertThat(err()).contains("mailferry login").doesNotContain("refresh-1");
    }

    @Test
    void saysWhenTheSignInIsRefused() {
        tokenAnswers.add("{\"error\":\"access_denied\",\"error_description\":\"someone@example.com\"}");
        assertThat(run("login", "--inventory-url", base())).isEqualTo(1);
        assertThat(err()).contains("access_denied").doesNotContain("someone@example.com");
        assertThat(KEPT).doesNotExist();
    }

    @Test
    void showsTheTokenToNoServiceButThatItIsFor() throws IOException {
        tokenAnswers.add(granted("access-1", 300));
        run("login", "--inventory-url", base());

        assertThat(run("tenant", "list", "--inventory-url", base().replace("127.0.0.1", "localhost")))
                .isEqualTo(2);
        assertThat(err()).contains("signed in, but not at");
        assertThat(run("verify", "--planner-url", base(), "--exporter-url", base(), "--restore-url", base()))
                .isEqualTo(2);
        assertThat(asked).noneMatch(one -> one.contains("access-1"));
    }

    @Test
    void takesATokenFileWhereThereIsNoProvider() throws IOException {
        providerKnown = false;
        assertThat(run("login", "--inventory-url", base())).isEqualTo(2);
        assertThat(err()).contains("--token-file");

        Path file = Files.writeString(folder.resolve("token"), "token-of-file\n", StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(run("login", "--inventory-url", base(), "--token-file", file.toString()))
                .as(err())
                .isZero();
        assertThat(Files.readString(KEPT)).doesNotContain("token-of-file");
        asked.clear();
        assertThat(run("tenant", "list")).as(err()).isZero();
        assertThat(asked).containsExactly("GET /api/v1/tenants Bearer token-of-file");
    }

    @Test
    void signsOutHereAndAtTheProvider() throws IOException {
        tokenAnswers.add(granted("access-1", 300));
        run("login", "--inventory-url", base());

        assertThat(run("logout")).isZero();
        assertThat(KEPT).doesNotExist();
        assertThat(asked).contains("POST /revoke token=refresh-1");
        assertThat(run("tenant", "list")).isEqualTo(2);
        assertThat(run("logout")).isZero();
        assertThat(out()).contains("Nobody was signed in.");
    }

    @Test
    void asksNoProviderOverPlainHttpOnAnotherMachine() {
        assertThat(run("login", "--inventory-url", "http://inventory.example:8080"))
                .isEqualTo(1);
        assertThat(err()).contains("--insecure-http");
    }

    private String granted(String access, int seconds) {
        return "{\"access_token\":\"" + access + "\",\"refresh_token\":\"refresh-1\",\"expires_in\":" + seconds + "}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String path = exchange.getRequestURI().getPath();
        int status = 200;
        String answer = "{}";
        switch (path) {
            case "/api/v1/sign-in" ->
                answer = providerKnown
                        ? "{\"tokenFile\":false,\"oidc\":{\"url\":\"" + base() + "\",\"client\":\"cli\"}}"
                        : "{\"tokenFile\":true}";
            case "/api/v1/tenants" -> answer = "[{\"tenant\":\"1\",\"name\":\"Nord\",\"createdAt\":\"2026\"}]";
            case "/.well-known/openid-configuration" -> answer = metadata();
            case "/device-authorization" ->
                answer = "{\"device_code\":\"device-1\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"" + base()
                        + "/device\",\"verification_uri_complete\":\"" + base()
                        + "/device?user_code=ABCD-EFGH\",\"expires_in\":600,\"interval\":0}";
            case "/token" -> {
                answer = tokenAnswers.remove();
                status = answer.contains("error") ? 400 : 200;
            }
            default -> {}
        }
        note(exchange.getRequestMethod() + " " + path + " " + told(path, body, authorization));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String told(String path, String form, String authorization) {
        if (path.startsWith("/api")) {
            return authorization == null ? "-" : authorization;
        }
        return List.of(form.split("&")).stream()
                .filter(field -> field.matches("(grant_type=refresh_token|refresh_token=.*|token=.*)"))
                .sorted()
                .reduce((one, two) -> one + " " + two)
                .orElse("");
    }

    private synchronized void note(String line) {
        asked.add(line);
    }

    private String metadata() {
        ObjectNode metadata = MAPPER.createObjectNode();
        return metadata.put("issuer", base())
                .put("token_endpoint", base() + "/token")
                .put("device_authorization_endpoint", base() + "/device-authorization")
                .put("revocation_endpoint", base() + "/revoke")
                .toString();
    }

    private int run(String... arguments) {
        return Mailferry.commandLine(stream(out), stream(err)).execute(arguments);
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
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
