package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The agents' side of the gateway's REST. */
final class Gateway {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** The largest answer that is read. */
    private static final int ANSWER_CHARACTERS_MAX = 4 * 1024 * 1024;

    /**
     * What came back; the body is missing if it was no JSON.
     *
     * @param retryAfterMillis how long the gateway wants to be left alone; 0 if it does not say
     */
    record Answer(int status, JsonNode body, long retryAfterMillis) {}

    private final String base;
    private final HttpClient client;
    private final Traffic traffic;
    private final ObjectMapper mapper;

    Gateway(String url, HttpClient client, Traffic traffic, ObjectMapper mapper) {
        this.traffic = traffic;
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.client = client;
        this.mapper = mapper;
    }

    Answer post(String path, @Nullable String credential, JsonNode body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1/agents" + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)));
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        HttpResponse<String> response = send(request.build());
        String text = response.body();
        if (text.length() > ANSWER_CHARACTERS_MAX) {
            throw new IOException("The gateway's answer is too large");
        }
        JsonNode parsed = text.isEmpty() ? MissingNode.getInstance() : mapper.readTree(text);
        return new Answer(response.statusCode(), parsed, retryAfterMillis(response));
    }

    private static long retryAfterMillis(HttpResponse<String> response) {
        String seconds = response.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,5}") ? TimeUnit.SECONDS.toMillis(Long.parseLong(seconds)) : 0;
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        traffic.begin();
        int status = 0;
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            status = response.statusCode();
            return response;
        } finally {
            traffic.end(status);
        }
    }
}
