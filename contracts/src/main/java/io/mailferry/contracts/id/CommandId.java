package io.mailferry.contracts.id;

import java.util.UUID;

/** One command of the planner. */
public record CommandId(UUID value) implements Id {
    public static CommandId random() {
        return new CommandId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static CommandId of(String text) {
        return new CommandId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
