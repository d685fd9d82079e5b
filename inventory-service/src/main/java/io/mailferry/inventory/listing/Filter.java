package io.mailferry.inventory.listing;

import io.mailferry.access.problem.ProblemException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the query parameters by which lists are narrowed; an absent one narrows nothing and is null. */
public final class Filter {
    private static final int SEARCH_LENGTH_MAX = 320;

    private Filter() {}

    /** What {@code q} searches for: a part of a name, in any case of letters. */
    public static @Nullable String search(@Nullable String q) {
        if (q == null || q.isBlank()) {
            return null;
        }
        if (q.length() > SEARCH_LENGTH_MAX) {
            throw ProblemException.invalid("q", "This is longer than " + SEARCH_LENGTH_MAX + " characters.");
        }
        return q.strip();
    }

    public static @Nullable Boolean flag(String name, @Nullable String value) {
        return switch (value) {
            case null -> null;
            case "true" -> true;
            case "false" -> false;
            default -> throw ProblemException.invalid(name, "This is neither true nor false.");
        };
    }

    public static @Nullable UUID id(String name, @Nullable String value) {
        try {
            return value == null ? null : UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(name, "This is no id.");
        }
    }

    /** One of an enumeration's words, in its own spelling. */
    public static <E extends Enum<E>> @Nullable E word(String name, @Nullable String value, Class<E> type) {
        if (value == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return constant;
            }
        }
        throw ProblemException.invalid(name, "This is none of " + List.of(type.getEnumConstants()) + ".");
    }
}
