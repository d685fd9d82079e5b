package io.mailferry.contracts.id;

import java.util.UUID;

/** One page, the transaction of the data path. */
public record PageId(UUID value) implements Id {
    public static PageId random() {
        return new PageId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static PageId of(String text) {
        return new PageId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
