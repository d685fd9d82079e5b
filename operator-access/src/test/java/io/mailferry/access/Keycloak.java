package io.mailferry.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Keycloak as a child process, with the realms of the test resources. Not started until a test does it. */
public final class Keycloak implements QuarkusTestResourceLifecycleManager {
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(5);
    private static final Path HOME = Path.of("target", "keycloak");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static int port;
    private static @Nullable Process process;

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "mailferry.operators.oidc.url", realm("mailferry"), "mailferry.operators.oidc.clock-skew", "PT0S");
    }

    @Override
    public void stop() {
        away();
    }

    static String realm(String name) {
        return "http://127.0.0.1:" + port + "/realms/" + name;
    }

    static void back() throws IOException, InterruptedException {
        Path home;
        try (Stream<Path> unpacked = Files.list(HOME)) {
            home = unpacked.filter(folder -> folder.getFileName().toString().startsWith("keycloak-"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no Keycloak in " + HOME + "; build with -Dlong"))
                    .toAbsolutePath();
        }
        Path realms = Files.createDirectories(home.resolve("data/import"));
        for (String name : List.of("mailferry", "other")) {
            Files.copy(
                    Path.of("src/test/resources/keycloak", name + "-realm.json"),
                    realms.resolve(name + "-realm.json"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(HOME.resolve("keycloak.log").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx384m");
        process = builder.start();
        long until = System.nanoTime() + STARTED_WITHIN.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new AssertionError("Keycloak did not start:\n" + Files.readString(HOME.resolve("keycloak.log")));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static boolean answers() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(realm("other"))).build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    static void away() {
        Process running = process;
        if (running == null) {
            return;
        }
        // The script's child is the server.
        List<ProcessHandle> all = Stream.concat(running.descendants(), Stream.of(running.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        process = null;
    }

    /** What the provider answers to somebody who types his password, which is as all users have it here. */
    static String token(String realm, String client, String user) throws IOException, InterruptedException {
        String form = Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "username",
                        user,
                        "password",
                        "password-of-" + user,
                        "scope",
                        "openid")
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + '=' + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(realm(realm) + "/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        JsonNode body = new ObjectMapper().readTree(answer.body());
        if (!body.path("access_token").isTextual()) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return body.path("access_token").asText();
    }
}
