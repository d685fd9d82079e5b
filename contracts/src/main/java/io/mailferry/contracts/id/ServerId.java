package io.mailferry.contracts.id;

import java.util.UUID;

/** An Exchange server. */
public record ServerId(UUID value) implements Id {
    public static ServerId random() {
        return new ServerId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static ServerId of(String text) {
        return new ServerId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
