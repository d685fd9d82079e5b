package io.mailferry.contracts.id;

import java.util.UUID;

/** A plan that takes one MAPI backup set through its transition. */
public record PlanId(UUID value) implements Id {
    public static PlanId random() {
        return new PlanId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static PlanId of(String text) {
        return new PlanId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
