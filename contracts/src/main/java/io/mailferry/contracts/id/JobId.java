package io.mailferry.contracts.id;

import java.util.UUID;

/** A long piece of work that a command or an operator started. */
public record JobId(UUID value) implements Id {
    public static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static JobId of(String text) {
        return new JobId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
