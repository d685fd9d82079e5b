package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A command as planner-service tells it.
 *
 * @param lifetime how long it may wait to be begun; empty when the planner does not say
 */
record CommandReport(
        String state,
        long items,
        long bytes,
        long expectedItems,
        JsonNode outcome,
        String category,
        String cause,
        Optional<Duration> lifetime) {
    private static final Set<String> WAITING = Set.of("issued", "delivered", "accepted");
    private static final Set<String> FAILED = Set.of("failed", "rejected", "expired", "cancelled");

    static CommandReport of(JsonNode answer) {
        JsonNode progress = answer.path("progress");
        return new CommandReport(
                answer.path("state").asText().toLowerCase(Locale.ROOT),
                progress.path("items").asLong(),
                progress.path("bytes").asLong(),
                progress.path("expectedItems").asLong(),
                answer.path("outcome"),
                answer.path("failure").path("category").asText(""),
                answer.path("failure").path("cause").asText(""),
                lifetime(answer));
    }

    /** Of the planner's clock only, which need not agree with ours. */
    private static Optional<Duration> lifetime(JsonNode answer) {
        try {
            return Optional.of(Duration.between(
                    Instant.parse(answer.path("issuedAt").asText()),
                    Instant.parse(answer.path("expiresAt").asText())));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Items that could not be read, over all causes. */
    static long skipped(JsonNode outcome) {
        long sum = 0;
        for (JsonNode count : outcome.path("skipped")) {
            sum += count.asLong();
        }
        return sum;
    }

    boolean moving() {
        return state.equals("running");
    }

    boolean succeeded() {
        return state.equals("succeeded");
    }

    boolean failed() {
        return FAILED.contains(state);
    }

    boolean unknown() {
        return !WAITING.contains(state) && !moving() && !succeeded() && !failed();
    }

    String shortly() {
        return cause.isEmpty() ? state : Explanation.shortly(cause);
    }

    /** Why it failed, with the remedy. */
    String why() {
        return cause.isEmpty() ? state : Explanation.fully(cause, category);
    }
}
