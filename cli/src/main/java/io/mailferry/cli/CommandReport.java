package io.mailferry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/** A command as planner-service tells it. */
record CommandReport(
        String state, long items, long bytes, long expectedItems, JsonNode outcome, String category, String cause) {
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
                answer.path("failure").path("cause").asText(""));
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

    String why() {
        String words = cause.isEmpty() ? state : cause;
        return category.isEmpty() ? words : words + " (" + category.toLowerCase(Locale.ROOT) + ")";
    }
}
