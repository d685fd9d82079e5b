package io.mailferry.contracts.id;

import java.util.UUID;

/** One event; consumers remember it to take its effect once. */
public record EventId(UUID value) implements Id {
    public static EventId random() {
        return new EventId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static EventId of(String text) {
        return new EventId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
