package io.mailferry.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One service's REST. Every call has a deadline; a problem that the service answers becomes a {@link RestFailure}. */
public final class RestClient {
    private static final int UNAVAILABLE = 503;
    private static final int READS_MAX = 15;
    private static final Duration READ_PAUSE = Duration.ofSeconds(2);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final String name;
    private final URI base;
    private final String token;

    RestClient(String name, URI base, String token) {
        this.name = name;
        this.base = base;
        this.token = token;
    }

    /** An empty object to fill and {@link #post}. */
    public static ObjectNode body() {
        return MAPPER.createObjectNode();
    }

    /** @param path below {@code /api/v1}, beginning with a slash */
    public JsonNode read(String path) {
        for (int attempt = 1; true; attempt++) {
            try {
                return send(request(path).GET().build());
            } catch (RestFailure e) {
                // Its database is being restarted, say: whoever follows a long export goes on following it.
                if (e.status() != UNAVAILABLE || attempt == READS_MAX) {
                    throw e;
                }
            }
            pause();
        }
    }

    /** @param path below {@code /api/v1}, beginning with a slash */
    public JsonNode post(String path, ObjectNode body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        String root = base.toString().endsWith("/")
                ? base.toString().substring(0, base.toString().length() - 1)
                : base.toString();
        return HttpRequest.newBuilder(URI.create(root + "/api/v1" + path))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
    }

    private void pause() {
        try {
            Thread.sleep(READ_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestFailure("interrupted while waiting for " + name, e);
        }
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 != 2) {
                throw new RestFailure(answer.statusCode(), problem(answer));
            }
            return answer.body().length == 0 ? MAPPER.nullNode() : MAPPER.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new RestFailure(name + " answered something that is not JSON.", e);
        } catch (IOException e) {
            throw new RestFailure(
                    name + " does not answer at " + base + " (" + e.getClass().getSimpleName() + "). Is the stack up?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestFailure("interrupted while waiting for " + name, e);
        }
    }

    /** RFC 9457, or at least the status. */
    private String problem(HttpResponse<byte[]> answer) {
        StringBuilder text = new StringBuilder(name).append(": ").append(answer.statusCode());
        try {
            JsonNode problem = MAPPER.readTree(answer.body());
            append(text, " ", problem.path("title"));
            append(text, ": ", problem.path("detail"));
            append(text, " Field: ", problem.path("field"));
        } catch (IOException e) {
            text.append(" without a problem document");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String before, JsonNode value) {
        if (value.isTextual() && !value.asText().isBlank()) {
            text.append(before).append(value.asText());
        }
    }
}
