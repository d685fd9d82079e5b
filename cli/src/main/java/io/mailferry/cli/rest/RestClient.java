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
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One service's REST. Every call has a deadline; a problem that the service answers becomes a {@link RestFailure}. */
public final class RestClient {
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int PAGES_MAX = 1_000;
    private static final Pattern NEXT = Pattern.compile("<[^>]*/api/v1(/[^>]*)>; rel=\"next\"");
    private static final Duration ONCE_WITHIN = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final String name;
    private final URI base;
    private final OperatorToken token;
    private final Patience patience;
    private volatile boolean hasAnswered;

    RestClient(String name, URI base, OperatorToken token, Patience patience) {
        this.name = name;
        this.base = base;
        this.token = token;
        this.patience = patience;
    }

    /** An empty object to fill and {@link #post}. */
    public static ObjectNode body() {
        return MAPPER.createObjectNode();
    }

    /**
     * Whoever follows a long export goes on following it while the service, or its database, is being restarted.
     *
     * @param path below {@code /api/v1}, beginning with a slash
     */
    public JsonNode read(String path) {
        return reply(path).body();
    }

    /**
     * All elements of a list, page by page.
     *
     * @param path as {@link #read}
     */
    public List<JsonNode> list(String path) {
        List<JsonNode> all = new ArrayList<>();
        @Nullable String next = path;
        for (int page = 0; next != null; page++) {
            if (page == PAGES_MAX) {
                throw new RestFailure(0, name + " has more than this program lists; narrow it down.");
            }
            Reply reply = reply(next);
            reply.body().forEach(all::add);
            next = reply.next();
        }
        return all;
    }

    private Reply reply(String path) {
        long until = System.nanoTime() + patience.away().toNanos();
        while (true) {
            try {
                return reply(request(path).GET().build());
            } catch (RestFailure e) {
                Duration pause = e.retryAfter().orElse(PAUSE);
                if (!mayPass(e) || System.nanoTime() + pause.toNanos() > until) {
                    throw e;
                }
                pause(pause);
            }
        }
    }

    /** What is good to know and not needed: asked for once, and empty when there is no answer of the kind. */
    public Optional<JsonNode> readOnce(String path) {
        try {
            return Optional.of(send(request(path).timeout(ONCE_WITHIN).GET().build()));
        } catch (RestFailure e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private boolean mayPass(RestFailure failure) {
        return switch (failure.status()) {
            case UNAVAILABLE, TOO_MANY -> true;
            case 0 -> hasAnswered && failure.isAway();
            default -> false;
        };
    }

    /** @param path below {@code /api/v1}, beginning with a slash */
    public JsonNode post(String path, ObjectNode body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    /**
     * Sends a file as it is.
     *
     * @param path below {@code /api/v1}, beginning with a slash
     * @throws IOException if the file cannot be read
     */
    public JsonNode post(String path, Path file, String type) throws IOException {
        return send(request(path)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofFile(file))
                .build());
    }

    /**
     * As {@link #post(String, Path, String)}, in the place of what was there.
     *
     * @throws IOException if the file cannot be read
     */
    public JsonNode put(String path, Path file, String type) throws IOException {
        return send(request(path)
                .header("Content-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofFile(file))
                .build());
    }

    /** @param path below {@code /api/v1}, beginning with a slash */
    public void delete(String path) {
        var _ = send(request(path).DELETE().build());
    }

    /**
     * A text that an answer of this service must hold.
     *
     * @throws RestFailure if it does not
     */
    public String text(JsonNode answer, String field) {
        JsonNode value = answer.path(field);
        if (!value.isTextual()) {
            throw new RestFailure(
                    0, name + " answered without " + field + ". Is " + base + " its address, and of this version?");
        }
        return value.asText();
    }

    private HttpRequest.Builder request(String path) {
        String root = base.toString().endsWith("/")
                ? base.toString().substring(0, base.toString().length() - 1)
                : base.toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + "/api/v1" + path))
                .timeout(patience.answer())
                .header("Accept", "application/json, application/problem+json");
        String secret = token.current().get();
        return secret.isEmpty() ? request : request.header("Authorization", "Bearer " + secret);
    }

    private void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestFailure("Interrupted while waiting for " + name + ".", e);
        }
    }

    /** @param next the path of the list's next page, null where there is none */
    private record Reply(JsonNode body, @Nullable String next) {}

    /** The service names the next page without a host: it is asked where this one was. */
    private static @Nullable String next(HttpResponse<byte[]> answer) {
        Matcher link = NEXT.matcher(answer.headers().firstValue("Link").orElse(""));
        return link.find() ? link.group(1) : null;
    }

    private JsonNode send(HttpRequest request) {
        return reply(request).body();
    }

    private Reply reply(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            hasAnswered = true;
            if (answer.statusCode() / 100 != 2) {
                throw new RestFailure(answer.statusCode(), problem(answer), retryAfter(answer));
            }
            JsonNode body = answer.body().length == 0 ? MAPPER.nullNode() : MAPPER.readTree(answer.body());
            return new Reply(body, next(answer));
        } catch (JsonProcessingException e) {
            throw new RestFailure(0, name + " answered something that is not JSON. Is " + base + " its address?");
        } catch (IOException e) {
            throw new RestFailure(unanswered(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RestFailure("Interrupted while waiting for " + name + ".", e);
        }
    }

    private String unanswered(IOException failure) {
        return switch (failure) {
            case SSLException _ ->
                name + " at " + base
                        + " is not trusted: its certificate is not from an authority that this Java knows, or"
                        + " not for this name. Name a trust store that has the authority:"
                        + " JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE";
            case HttpTimeoutException _ ->
                name + " did not answer at " + base + " in time. Try again, or give it longer with --timeout SECONDS.";
            default ->
                name + " does not answer at " + base + " (" + failure.getClass().getSimpleName()
                        + "). Is the stack up?";
        };
    }

    /** In seconds; a date is not worth the trouble between machines whose clocks differ. */
    private static Optional<Duration> retryAfter(HttpResponse<byte[]> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** RFC 9457, or at least the status. */
    private String problem(HttpResponse<byte[]> answer) {
        StringBuilder text = new StringBuilder(name).append(": ").append(answer.statusCode());
        JsonNode problem = problemDocument(answer.body());
        if (problem.isObject()) {
            append(text, " ", problem.path("title"));
            append(text, ": ", problem.path("detail"));
            append(text, " Field: ", problem.path("field"));
        } else {
            text.append(" without a problem document.");
        }
        text.append(remedy(answer.statusCode(), problem.isObject()));
        return text.toString();
    }

    private static JsonNode problemDocument(byte[] body) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException e) {
            return MAPPER.nullNode();
        }
    }

    private String remedy(int status, boolean isOurs) {
        return switch (status) {
            case 401 ->
                " The token that it refuses is from " + token.origin()
                        + ". Name the file of a valid operator's token with --token-file, or sign in: mailferry login";
            case 403 -> " Ask for a role that permits it, or use the token of somebody who has one.";
            case TOO_MANY, UNAVAILABLE -> " Try again in a moment.";
            default -> isOurs ? "" : " Is " + base + " the address of " + name + "?";
        };
    }

    private static void append(StringBuilder text, String before, JsonNode value) {
        if (value.isTextual() && !value.asText().isBlank()) {
            text.append(before).append(value.asText());
        }
    }
}
