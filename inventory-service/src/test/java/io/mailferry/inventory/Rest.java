package io.mailferry.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Calls the service as operators and agents do. */
final class Rest {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http;
    private final URI base;

    Rest(URI base) {
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        this.base = base;
    }

    Rest(URI base, SSLContext tls) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
        this.base = base;
    }

    Answer get(@Nullable String token, String path) {
        return send(request(token, path).GET().build());
    }

    Answer delete(String token, String path) {
        return send(request(token, path).DELETE().build());
    }

    Answer put(String token, String path, JsonNode body) {
        return send(request(token, path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString()))
                .build());
    }

    Answer post(@Nullable String token, String path, JsonNode body) {
        return post(token, path, body.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    Answer post(@Nullable String token, String path, byte[] body) {
        return post(token, path, "application/json", body);
    }

    Answer post(@Nullable String token, String path, String type, byte[] body) {
        return send(request(token, path)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    Answer postCompressed(@Nullable String token, String path, byte[] compressed) {
        return send(request(token, path)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(compressed))
                .build());
    }

    private HttpRequest.Builder request(@Nullable String token, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(20));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofByteArray());
            JsonNode body = response.body().length == 0 ? MissingNode.getInstance() : MAPPER.readTree(response.body());
            return new Answer(response.statusCode(), body, response.headers());
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri() + " broke off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
