package io.mailferry.simulator.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** An agent that read no further than the protocol's first example. Needs nothing but a JDK. */
final class WrongAgent {
    private static final String BOOT = "6d0c2f5e-6a0e-4f0e-9b51-9a3b7d9b0a11";

    private WrongAgent() {}

    /** @param arguments the gateway's address and the file with the token */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String token =
                Files.readString(Path.of(arguments[1]), StandardCharsets.UTF_8).strip();
        String enrolled = post(
                arguments[0] + "/api/v1/agents/enrol",
                "",
                "{\"token\":\"" + token + "\",\"name\":\"wrong\",\"brand\":\"Wrong\",\"version\":\"1.0\",\"bootId\":\""
                        + BOOT + "\"}");
        String url = arguments[0] + "/api/v1/agents/" + value(enrolled, "agentId") + "/heartbeat";
        while (true) {
            post(
                    url,
                    value(enrolled, "credential"),
                    "{\"sequence\":7,\"bootId\":\"" + BOOT + "\",\"sentAt\":\"2026-04-01T08:00:00Z\",\"statusHash\":\""
                            + UUID.randomUUID() + "\",\"status\":{\"agent\":{\"brand\":\"Wrong\",\"version\":\"1.0\"},"
                            + "\"server\":{\"name\":\"EX01\"},\"backupSets\":[]}}");
            Thread.sleep(30);
        }
    }

    private static String post(String url, String credential, String body) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("Content-Type", "application/json")
                                    .header("Authorization", "Bearer " + credential)
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private static String value(String json, String name) {
        return json.replaceAll("(?s).*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }
}
