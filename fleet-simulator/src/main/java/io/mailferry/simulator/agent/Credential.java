package io.mailferry.simulator.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an agent proves itself with.
 *
 * @param renewFrom when to renew it, by the gateway's clock; null for never
 */
record Credential(String secret, @Nullable Instant renewFrom) {
    static Credential read(JsonNode answer) {
        return new Credential(
                answer.path("credential").asText(),
                instant(answer.path("renewFrom").asText("")));
    }

    /** @param serverTime as the gateway's answers say it */
    boolean isDue(String serverTime) {
        Instant now = instant(serverTime);
        return renewFrom != null && now != null && !now.isBefore(renewFrom);
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() || text.equals("null") ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "Credential[…]";
    }
}
