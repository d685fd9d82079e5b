package io.mailferry.contracts.id;

import java.util.UUID;

/** A backup set as an agent defines it. */
public record BackupSetId(UUID value) implements Id {
    public static BackupSetId random() {
        return new BackupSetId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static BackupSetId of(String text) {
        return new BackupSetId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
