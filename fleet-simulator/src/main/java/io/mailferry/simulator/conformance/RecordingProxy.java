package io.mailferry.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.HttpRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Between an agent and its gateway: passes on what both say and remembers it. On demand it answers in the gateway's place, or
 * adds commands of its own to the gateway's answers. Their results reach the gateway as those of commands that it does not know.
 */
final class RecordingProxy implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int INFLATED_BYTES_MAX = 8 * 1024 * 1024;

    /** An answer in the gateway's place; with status 0 the connection is broken. */
    record Reply(int status, String body, @Nullable Integer retryAfterSeconds) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String gateway;
    private final HttpListener listener;
    private final List<Call> calls = new ArrayList<>();
    private final Deque<Reply> replies = new ArrayDeque<>();
    private final Map<String, ObjectNode> commands = new LinkedHashMap<>();
    private final Set<String> own = new TreeSet<>();
    private final Set<String> cancelled = new TreeSet<>();
    private boolean takesResults = true;
    private boolean wantsStatus;
    private long intervalMillis;

    RecordingProxy(String gateway, long intervalMillis) throws IOException {
        this.gateway = gateway.endsWith("/") ? gateway.substring(0, gateway.length() - 1) : gateway;
        this.intervalMillis = intervalMillis;
        this.listener = HttpListener.start(0, null, this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + listener.port();
    }

    synchronized void interval(long millis) {
        intervalMillis = millis;
    }

    /** The next heartbeat is answered so, without the gateway. */
    synchronized void answerNext(Reply reply) {
        replies.add(reply);
    }

    /** From now on every answer carries the command, as long as it is not withdrawn. */
    synchronized void deliver(String id, String type, String expiresAt, ObjectNode payload) {
        ObjectNode command =
                mapper.createObjectNode().put("commandId", id).put("type", type).put("attempt", 1);
        command.put("expiresAt", expiresAt).set("payload", payload);
        commands.put(id, command);
        own.add(id);
    }

    synchronized void withdraw(String id) {
        commands.remove(id);
    }

    synchronized void cancel(String id) {
        commands.remove(id);
        own.add(id);
        cancelled.add(id);
    }

    synchronized void takeResults(boolean takes) {
        takesResults = takes;
    }

    synchronized void wantStatus() {
        wantsStatus = true;
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized int number() {
        return calls.size();
    }

    /** The first call of those from this number on that fits, or null if there is none in time. */
    synchronized @Nullable Call await(int from, Duration patience, Predicate<Call> fits) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            for (Call call : calls.subList(Math.min(from, calls.size()), calls.size())) {
                if (fits.test(call)) {
                    return call;
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
    }

    private void serve(HttpRequest request, HttpAnswer answer) throws IOException {
        Call call = new Call(
                request.path(),
                request.header("Authorization"),
                String.valueOf(request.header("Content-Type")),
                request.body().length,
                read(request),
                System.nanoTime());
        @Nullable Reply reply = begin(call);
        if (reply == null) {
            pass(request, call, answer);
            return;
        }
        finish(call, reply.status(), null);
        if (reply.status() == 0) {
            answer.reset();
        }
        if (reply.retryAfterSeconds() != null) {
            answer.header("Retry-After", reply.retryAfterSeconds().toString());
        }
        answer.send(reply.status(), "application/problem+json", reply.body());
    }

    private synchronized @Nullable Reply begin(Call call) {
        calls.add(call);
        notifyAll();
        return call.isHeartbeat() ? replies.poll() : null;
    }

    private synchronized void finish(Call call, int status, @Nullable JsonNode what) {
        call.answered(status, what, System.nanoTime());
        notifyAll();
    }

    private JsonNode read(HttpRequest request) {
        try {
            byte[] bytes = request.body();
            if ("gzip".equals(String.valueOf(request.header("Content-Encoding")).toLowerCase(Locale.ROOT))) {
                try (GZIPInputStream inflating = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                    bytes = inflating.readNBytes(INFLATED_BYTES_MAX);
                }
            }
            JsonNode body = mapper.readTree(bytes);
            return body == null ? MissingNode.getInstance() : body;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private void pass(HttpRequest request, Call call, HttpAnswer answer) throws IOException {
        HttpResponse<byte[]> given = ask(request);
        String type = given.headers().firstValue("Content-Type").orElse("application/json");
        byte[] body = given.body();
        @Nullable JsonNode read = type.contains("json") && body.length > 0 ? mapper.readTree(body) : null;
        if (call.isHeartbeat() && given.statusCode() == 200 && read instanceof ObjectNode object) {
            edit(call, object);
            body = mapper.writeValueAsBytes(object);
        }
        finish(call, given.statusCode(), read);
        given.headers().firstValue("Retry-After").ifPresent(after -> answer.header("Retry-After", after));
        answer.send(given.statusCode(), type, body);
    }

    private HttpResponse<byte[]> ask(HttpRequest request) throws IOException {
        String query = request.query().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var passed = java.net.http.HttpRequest.newBuilder(
                        URI.create(gateway + request.path() + (query.isEmpty() ? "" : "?" + query)))
                .timeout(PATIENCE)
                .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        for (String name : List.of("Authorization", "Content-Type", "Content-Encoding")) {
            @Nullable String value = request.header(name);
            if (value != null) {
                passed.header(name, value);
            }
        }
        try {
            return client.send(passed.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The proxy is stopping", e);
        }
    }

    /** The gateway's answer with what is asked of the agent besides, and with a property of a newer gateway. */
    private synchronized void edit(Call call, ObjectNode answer) {
        answer.putObject("fromTheFuture").put("ignored", true);
        answer.put("nextIntervalMs", intervalMillis);
        if (wantsStatus) {
            answer.put("fullStatusWanted", true);
            wantsStatus = false;
        }
        ArrayNode delivered = answer.withArray("commands");
        commands.values().forEach(delivered::add);
        List<String> unknown = new ArrayList<>();
        answer.withArray("cancel").forEach(id -> unknown.add(id.asText()));
        ArrayNode cancel = answer.putArray("cancel");
        // The gateway wants to have ended what it does not know.
        unknown.stream().filter(id -> !own.contains(id)).forEach(cancel::add);
        cancelled.stream().filter(id -> !call.ends(id)).forEach(cancel::add);
        if (!takesResults) {
            answer.putArray("resultsTaken");
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        client.close();
    }
}
