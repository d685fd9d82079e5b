package io.mailferry.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** One request of the agent and what it was answered. */
final class Call {
    private final String path;
    private final @Nullable String authorisation;
    private final String contentType;
    private final int bytes;
    private final JsonNode body;
    private final long receivedNanos;
    private volatile int status;
    private volatile long answeredNanos;
    private volatile @Nullable JsonNode answer;

    /** @param body missing if it is no JSON */
    Call(
            String path,
            @Nullable String authorisation,
            String contentType,
            int bytes,
            JsonNode body,
            long receivedNanos) {
        this.path = path;
        this.authorisation = authorisation;
        this.contentType = contentType;
        this.bytes = bytes;
        this.body = body;
        this.receivedNanos = receivedNanos;
    }

    void answered(int with, @Nullable JsonNode what, long nanos) {
        answer = what;
        answeredNanos = nanos;
        status = with;
    }

    String path() {
        return path;
    }

    @Nullable
    String authorisation() {
        return authorisation;
    }

    String contentType() {
        return contentType;
    }

    int bytes() {
        return bytes;
    }

    JsonNode body() {
        return body;
    }

    @Nullable
    JsonNode answer() {
        return answer;
    }

    /** 0 until it was answered, and if its connection was broken. */
    int status() {
        return status;
    }

    long receivedNanos() {
        return receivedNanos;
    }

    long answeredNanos() {
        return answeredNanos;
    }

    boolean isEnrolment() {
        return path.endsWith("/enrol");
    }

    boolean isHeartbeat() {
        return path.endsWith("/heartbeat");
    }

    String boot() {
        return body.path("bootId").asText();
    }

    long sequence() {
        return body.path("sequence").asLong(-1);
    }

    boolean hasStatus() {
        return body.path("status").isObject();
    }

    /** What it says of a command, or null. */
    @Nullable
    JsonNode result(String command) {
        JsonNode last = null;
        for (JsonNode result : body.path("results")) {
            if (result.path("commandId").asText().equals(command)) {
                last = result;
            }
        }
        return last;
    }

    /** Whether it tells how the command ended. */
    boolean ends(String command) {
        for (JsonNode result : body.path("results")) {
            String outcome = result.path("outcome").asText();
            if (result.path("commandId").asText().equals(command)
                    && !outcome.equals("accepted")
                    && !outcome.equals("running")) {
                return true;
            }
        }
        return false;
    }

    boolean lists(String command) {
        for (JsonNode running : body.path("running")) {
            if (running.path("commandId").asText().equals(command)) {
                return true;
            }
        }
        return false;
    }

    boolean hasSomethingToTell() {
        return !body.path("results").isEmpty() || !body.path("running").isEmpty();
    }
}
