package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What an agent has to say of a command; said until it is taken.
 *
 * @param outcome accepted, succeeded, failed, rejected or cancelled
 * @param cause one word, for failed and rejected
 * @param detail as the command's type wants it
 */
record Result(
        String commandId,
        int attempt,
        String outcome,
        @Nullable String cause,
        @Nullable JsonNode detail) {

    boolean isSameAs(JsonNode taken) {
        return commandId.equals(taken.path("commandId").asText())
                && attempt == taken.path("attempt").asInt()
                && outcome.equals(taken.path("outcome").asText());
    }

    static Result read(JsonNode node) {
        return new Result(
                node.path("commandId").asText(),
                node.path("attempt").asInt(),
                node.path("outcome").asText(),
                node.hasNonNull("cause") ? node.path("cause").asText() : null,
                node.get("detail"));
    }

    void write(ObjectNode node) {
        node.put("commandId", commandId).put("attempt", attempt).put("outcome", outcome);
        if (cause != null) {
            node.put("cause", cause);
        }
        if (detail != null) {
            node.set("detail", detail);
        }
    }
}
