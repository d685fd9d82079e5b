package io.mailferry.cli.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.RestFailure;
import io.mailferry.cli.rest.SafeUrl;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An OpenID Connect provider: the device grant (RFC 8628), renewal and revocation. Each call has a deadline. */
final class Provider {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(5);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final String url;
    private final String client;
    private final boolean insecureHttp;
    private final InstantSource clock;
    private final JsonNode metadata;

    /** @throws RestFailure if that is no provider, or asking it would show tokens to the network */
    Provider(String url, String client, boolean insecureHttp, InstantSource clock) {
        this.url = url;
        this.client = client;
        this.insecureHttp = insecureHttp;
        this.clock = clock;
        String root = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.metadata = send(HttpRequest.newBuilder(safe(root + "/.well-known/openid-configuration"))).body;
    }

    /** A sign-in that waits for somebody to confirm it in a browser. */
    record Device(String code, String userCode, String page, Duration interval, Duration expiresIn) {}

    /** What a provider says while it is asked for tokens. */
    sealed interface Answer {
        record Given(SignIn.Granted granted) implements Answer {}

        record NotYet() implements Answer {}

        record Slower() implements Answer {}

        /** @param word the provider's, such as {@code access_denied} */
        record Refused(String word) implements Answer {}
    }

    Device device() {
        JsonNode answer =
                form("device_authorization_endpoint", Map.of("scope", "openid")).accepted();
        String page = answer.path("verification_uri_complete")
                .asText(answer.path("verification_uri").asText());
        Duration interval = answer.path("interval").isNumber()
                ? Duration.ofSeconds(answer.path("interval").asLong())
                : INTERVAL_DEFAULT;
        return new Device(
                answer.path("device_code").asText(),
                answer.path("user_code").asText(),
                page,
                interval,
                Duration.ofSeconds(answer.path("expires_in").asLong(600)));
    }

    Answer tokens(Device device) {
        return granted(
                form(
                        "token_endpoint",
                        Map.of(
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:device_code",
                                "device_code",
                                device.code)),
                null);
    }

    Answer renewed(String refresh) {
        return granted(
                form("token_endpoint", Map.of("grant_type", "refresh_token", "refresh_token", refresh)), refresh);
    }

    /** Has the provider forget a sign-in, where it can. */
    void revoke(String refresh) {
        if (metadata.path("revocation_endpoint").isTextual()) {
            form("revocation_endpoint", Map.of("token", refresh, "token_type_hint", "refresh_token"));
        }
    }

    /** @param refresh the one that was used, which stays good when no new one comes */
    private Answer granted(Reply reply, @Nullable String refresh) {
        if (reply.status / 100 == 2 && reply.body.path("access_token").isTextual()) {
            JsonNode next = reply.body.path("refresh_token");
            return new Answer.Given(new SignIn.Granted(
                    url,
                    client,
                    reply.body.path("access_token").asText(),
                    clock.instant().getEpochSecond()
                            + reply.body.path("expires_in").asLong(60),
                    next.isTextual() ? next.asText() : refresh));
        }
        return switch (reply.body.path("error").asText()) {
            case "authorization_pending" -> new Answer.NotYet();
            case "slow_down" -> new Answer.Slower();
            default -> new Answer.Refused(reply.word());
        };
    }

    private Reply form(String endpoint, Map<String, String> fields) {
        if (!metadata.path(endpoint).isTextual()) {
            throw new RestFailure(0, "The provider " + url + " has no " + endpoint + ". Is the device grant off?");
        }
        String body = fields.entrySet().stream()
                        .map(field -> field.getKey() + '=' + encoded(field.getValue()))
                        .collect(Collectors.joining("&"))
                + "&client_id=" + encoded(client);
        return send(HttpRequest.newBuilder(safe(metadata.path(endpoint).asText()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private URI safe(String address) {
        return SafeUrl.of("the sign-in provider", address, insecureHttp);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private record Reply(int status, JsonNode body) {
        JsonNode accepted() {
            if (status / 100 != 2) {
                throw new RestFailure(status, "The sign-in provider refuses: " + word());
            }
            return body;
        }

        /** Its error code, never its description, which may quote what was sent. */
        String word() {
            String error = body.path("error").asText("");
            return error.matches("[a-z_]{1,40}") ? error : "status " + status;
        }
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> answer = HTTP.send(
                    request.timeout(ANSWER).header("Accept", "application/json").build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(answer.statusCode(), json(answer.body()));
        } catch (IOException e) {
            throw new RestFailure(
                    0,
                    "The sign-in provider " + url + " does not answer ("
                            + e.getClass().getSimpleName() + "). Try again in a moment.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestFailure(0, "Interrupted while waiting for the sign-in provider.");
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode read = MAPPER.readTree(body);
            return read == null ? MAPPER.nullNode() : read;
        } catch (IOException e) {
            return MAPPER.nullNode();
        }
    }
}
