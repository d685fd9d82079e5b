package io.mailferry.contracts.id;

import java.util.UUID;

/** One restore point of a mailbox. */
public record RestorePointId(UUID value) implements Id {
    public static RestorePointId random() {
        return new RestorePointId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static RestorePointId of(String text) {
        return new RestorePointId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
