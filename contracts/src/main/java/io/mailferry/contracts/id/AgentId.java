package io.mailferry.contracts.id;

import java.util.UUID;

/** A backup agent; kept over re-enrolment. */
public record AgentId(UUID value) implements Id {
    public static AgentId random() {
        return new AgentId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static AgentId of(String text) {
        return new AgentId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
