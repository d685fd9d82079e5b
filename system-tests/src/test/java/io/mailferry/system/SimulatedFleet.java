package io.mailferry.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The fleet simulator as a process, driven over its control endpoint. */
final class SimulatedFleet implements AutoCloseable {
    /** The server of {@code system-fleet.json} that most tests read. */
    static final String SERVER = "SYS-EX01";

    private final Process process;
    private final JsonNode ready;
    private final Path certificate;
    private final Rest control;

    private SimulatedFleet(Process process, JsonNode ready, Path certificate) {
        this.process = process;
        this.certificate = certificate;
        this.ready = ready;
        this.control = new Rest(ready.path("controlUrl").asText(), Optional.empty());
    }

    /** What the simulator itself says of one live item. */
    record Truth(String itemId, String sha256, boolean read, boolean readable) {}

    static SimulatedFleet start(Path folder) throws IOException {
        Path fleet = folder.resolve("fleet.json");
        try (var definition = SimulatedFleet.class.getResourceAsStream("/system-fleet.json")) {
            Files.copy(definition, fleet);
        }
        Path readyFile = folder.resolve("ready.json");
        Path certificate = folder.resolve("certificate.pem");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        Path.of(System.getProperty("mailferry.root"), "fleet-simulator/target/fleet-simulator.jar")
                                .toString(),
                        "serve",
                        "--fleet",
                        fleet.toString(),
                        "--ready-file",
                        readyFile.toString(),
                        "--certificate-file",
                        certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("simulator.log").toFile())
                .start();
        Await.until(
                "the simulator is ready", Duration.ofSeconds(60), () -> Files.exists(readyFile) || !process.isAlive());
        return new SimulatedFleet(process, Rest.MAPPER.readTree(readyFile.toFile()), certificate);
    }

    /** The servers' certificate as PEM, which signed itself. */
    Path certificate() {
        return certificate;
    }

    /** How Mailferry is told to reach the server: over TLS, with the simulator's certificate pinned. */
    Map<String, Object> connection(String name) {
        JsonNode server = server(name);
        return Map.of(
                "name", name,
                "ewsUrl", server.path("ewsHttps").asText(),
                "trust", Map.of("sha256", ready.path("certificateSha256").asText()),
                "user", server.path("serviceUser").asText(),
                "password", server.path("servicePassword").asText(),
                "impersonate", true);
    }

    String servicePassword(String name) {
        return server(name).path("servicePassword").asText();
    }

    String serviceUser(String name) {
        return server(name).path("serviceUser").asText();
    }

    long pid() {
        return process.pid();
    }

    List<String> phrases() {
        JsonNode phrases = control.read("/phrases");
        return Stream.of("subjects", "bodies", "domains")
                .flatMap(kind -> phrases.path(kind).valueStream())
                .map(JsonNode::asText)
                .toList();
    }

    /** What the settings hold that agents give into escrow. */
    String settingsPhrase() {
        JsonNode settings = control.read("/phrases").path("settings");
        return settings.isArray() ? settings.path(0).asText() : settings.asText();
    }

    /** Starts the agents of one tenant of the fleet; they enrol, report and carry out what they are told. */
    void startAgents(String gatewayUrl, String tenantName, String token) {
        control.post(
                "/agents",
                Map.of(
                        "gatewayUrl", gatewayUrl,
                        "tokens", Map.of(tenantName, token),
                        "upgradeMillis", 200,
                        "workMillis", 50,
                        "heartbeatMillisMax", 500));
    }

    void stopAgents() {
        control.delete("/agents");
    }

    List<Truth> truth(String address) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(ready.path("controlUrl").asText() + "/mailboxes/" + address + "/truth"))
                .timeout(Duration.ofMinutes(2))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<Stream<String>> lines = client.send(request, HttpResponse.BodyHandlers.ofLines());
            return lines.body().map(SimulatedFleet::truth0).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    JsonNode change(String address, Map<String, ?> changes) {
        return control.post("/mailboxes/" + address + "/changes", changes);
    }

    void fault(Map<String, ?> fault) {
        fault(SERVER, fault);
    }

    void fault(String server, Map<String, ?> fault) {
        control.post("/servers/" + server + "/faults", fault);
    }

    void clearFaults() {
        control.delete("/servers/*/faults");
    }

    /** Items whose content was asked for so far. */
    long itemsAskedFor() {
        return control.read("/requests").path(SERVER).path("items").asLong();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private JsonNode server(String name) {
        return control.read("/fleet")
                .path("servers")
                .valueStream()
                .filter(server -> server.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Truth truth0(String line) {
        try {
            JsonNode item = Rest.MAPPER.readTree(line);
            return new Truth(
                    item.path("itemId").asText(),
                    item.path("mimeSha256").asText(),
                    item.path("read").asBoolean(),
                    item.path("readable").asBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
