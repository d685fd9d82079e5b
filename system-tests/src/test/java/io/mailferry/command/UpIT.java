package io.mailferry.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} and {@code down}. */
final class UpIT {
    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void choose() {
        home = folder.resolve("home");
    }

    @AfterEach
    void stop() throws Exception {
        StartedCommand.start(home, "Stack", "down").exitCode();
    }

    @Test
    void startsEverythingOnceAndDownLeavesNothingRunning() throws Exception {
        Path data = folder.resolve("kept");
        StartedCommand up = StartedCommand.start(home, "Stack", "up", "--data", data.toString());
        assertThat(up.exitCode()).as(String.join("\n", up.lines())).isZero();

        JsonNode stack =
                new ObjectMapper().readTree(Files.readString(home.resolve("stack.json"), StandardCharsets.UTF_8));
        Path token = Path.of(stack.path("tokenFile").asText());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                .isEqualTo("rw-------");
        assertThat(stack.path("services").size()).isEqualTo(5);
        for (JsonNode service : stack.path("services")) {
            assertThat(up.lines())
                    .as("told once")
                    .filteredOn(line -> line.contains(service.path("url").asText()))
                    .hasSize(1);
            assertThat(status(service.path("managementUrl").asText() + "/q/health/ready"))
                    .isEqualTo(200);
        }
        String tenants = stack.at("/services/inventory/url").asText() + "/api/v1/tenants";
        assertThat(status(tenants)).as("without a token").isEqualTo(401);
        assertThat(asOperator(
                                token,
                                HttpRequest.newBuilder(URI.create(tenants))
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"Kept Ltd\"}")))
                        .statusCode())
                .isEqualTo(201);

        StartedCommand elsewhere = StartedCommand.start(home, "Stack", "up");
        assertThat(elsewhere.exitCode()).isEqualTo(1);
        assertThat(elsewhere.lines())
                .containsExactly("mailferry: Mailferry is up already, on the data in " + data
                        + ". Stop it first: ./mailferry down");
        StartedCommand again = StartedCommand.start(home, "Stack", "up", "--data", data.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.lines()).first().isEqualTo("Mailferry is up already.");
        assertThat(again.lines()).contains("  operator's token: " + token);

        StartedCommand down = StartedCommand.start(home, "Stack", "down");
        assertThat(down.exitCode()).isZero();
        assertThat(down.lines()).containsExactly("Stopped. The data stays in " + data);
        down.requireNothingRuns();
        assertThat(home.resolve("stack.json")).doesNotExist();

        keepsItsStateAndStaysInTheForeground(data);
    }

    private void keepsItsStateAndStaysInTheForeground(Path data) throws Exception {
        StartedCommand up = StartedCommand.start(home, "Stack", "up", "--foreground", "--data", data.toString());
        up.awaitLine("Ready. Ctrl-C");

        JsonNode stack = new ObjectMapper().readTree(home.resolve("stack.json").toFile());
        HttpResponse<String> tenants = asOperator(
                Path.of(stack.path("tokenFile").asText()),
                HttpRequest.newBuilder(
                        URI.create(stack.at("/services/inventory/url").asText() + "/api/v1/tenants")));
        assertThat(tenants.body()).contains("Kept Ltd");

        up.terminate();

        assertThat(up.exitCode()).isEqualTo(143);
        up.requireNothingRuns();
    }

    @Test
    void downStopsAStackThatIsStillStartingAndUpSaysSo() throws Exception {
        StartedCommand up = StartedCommand.start(home, "Stack", "up");
        up.awaitLine("Kafka");

        StartedCommand second = StartedCommand.start(home, "Stack", "up");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.lines())
                .containsExactly("mailferry: Mailferry is being started already (process " + up.pid() + ").");
        StartedCommand down = StartedCommand.start(home, "Stack", "down");

        assertThat(down.exitCode()).isZero();
        assertThat(down.lines()).containsExactly("Stopped while it was starting. Its data stays.");
        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.lines())
                .last()
                .isEqualTo("mailferry: Stopped by `./mailferry down` before everything was ready.");
        up.requireNothingRuns();
    }

    @Test
    void leavesNothingBehindWhenItIsInterruptedWhileStarting() throws Exception {
        StartedCommand up = StartedCommand.start(home, "Stack", "up");
        up.awaitLine("PostgreSQL");

        up.terminate();

        assertThat(up.exitCode()).isEqualTo(143);
        assertThat(up.lines()).contains("Interrupted; stopping what was started.");
        up.requireNothingRuns();
    }

    private static HttpResponse<String> asOperator(Path token, HttpRequest.Builder request) throws Exception {
        String bearer =
                "Bearer " + Files.readString(token, StandardCharsets.UTF_8).strip();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.header("Authorization", bearer).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int status(String url) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
