package io.mailferry.contracts.id;

import java.util.UUID;

/** One attempt of an export job at one mailbox. */
public record AttemptId(UUID value) implements Id {
    public static AttemptId random() {
        return new AttemptId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static AttemptId of(String text) {
        return new AttemptId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
