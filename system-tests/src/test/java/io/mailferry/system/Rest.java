package io.mailferry.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** JSON over HTTP, as any client of the services would speak it. */
final class Rest {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;
    private final Optional<String> token;

    Rest(String base, Optional<String> token) {
        this.base = base;
        this.token = token;
    }

    /** @param body parsed, or null where the answer is not JSON */
    record Answer(int status, JsonNode body, String text) {}

    JsonNode read(String path) {
        return expectSuccess("GET", path, Optional.empty());
    }

    JsonNode post(String path, Map<String, ?> body) {
        return expectSuccess("POST", path, Optional.of(body));
    }

    JsonNode delete(String path) {
        return expectSuccess("DELETE", path, Optional.empty());
    }

    Answer send(String method, String path, Optional<Map<String, ?>> body) {
        return send(
                method,
                path,
                body.map(Rest::json)
                        .map(HttpRequest.BodyPublishers::ofString)
                        .orElseGet(HttpRequest.BodyPublishers::noBody));
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, body);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), parsed(response.body()), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode expectSuccess(String method, String path, Optional<Map<String, ?>> body) {
        // As any client of a service whose database may be restarting.
        Answer answer = Await.value(
                method + " " + path + " is served",
                Duration.ofSeconds(60),
                () -> Optional.of(send(method, path, body)).filter(given -> given.status() != 503));
        if (answer.status() / 100 != 2) {
            throw new AssertionError(method + " " + path + " answered " + answer.status() + ": " + answer.text());
        }
        return answer.body();
    }

    private static JsonNode parsed(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MAPPER.nullNode();
        }
    }

    private static String json(Map<String, ?> body) {
        try {
            return MAPPER.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
