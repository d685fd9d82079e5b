package io.mailferry.contracts.id;

import java.util.UUID;

/** A customer of the managed service provider. */
public record TenantId(UUID value) implements Id {
    public static TenantId random() {
        return new TenantId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static TenantId of(String text) {
        return new TenantId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
