package io.mailferry.access.json;

import io.mailferry.contracts.id.Id;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Each id's class with the way to make one from a UUID's text. */
final class IdTypes {
    static final Map<Class<? extends Id>, Function<String, Id>> FROM_TEXT = Arrays.stream(
                    Id.class.getPermittedSubclasses())
            .map(type -> type.asSubclass(Id.class))
            .collect(Collectors.toUnmodifiableMap(Function.identity(), IdTypes::fromText));

    private IdTypes() {}

    private static Function<String, Id> fromText(Class<? extends Id> type) {
        try {
            Constructor<? extends Id> constructor = type.getConstructor(UUID.class);
            return text -> make(constructor, text);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " is not a record over a UUID", e);
        }
    }

    private static Id make(Constructor<? extends Id> constructor, String text) {
        UUID uuid = UUID.fromString(text);
        if (text.length() != 36) {
            // UUID.fromString accepts shortened groups, which would give one id several spellings.
            throw new IllegalArgumentException("not a UUID");
        }
        try {
            return constructor.newInstance(uuid);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
