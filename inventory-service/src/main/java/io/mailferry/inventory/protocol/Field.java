package io.mailferry.inventory.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.access.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One place in an agent's JSON. Every reading method ends the call with a 400 that names this place's path if what is
 * there does not fit; the problem never quotes the value. Properties that nobody asks for are ignored, so that a newer
 * agent may say more.
 */
public final class Field {
    /** A fixed set: the default locale must not decide what an agent may say. */
    private static final Pattern UUID_SHAPE =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final String path;
    private final JsonNode node;

    Field(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    /** The path, such as {@code status.backupSets[2].mode}. */
    public String path() {
        return path;
    }

    /** A required property of this object. */
    public Field at(String name) {
        return ifPresent(name).orElseThrow(() -> ProblemException.invalid(pathOf(name), "This field is missing."));
    }

    /** A property that may be absent or null. */
    public Optional<Field> ifPresent(String name) {
        if (!node.isObject()) {
            throw invalid("This is not a JSON object.");
        }
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(new Field(pathOf(name), value));
    }

    /** The elements of this array. */
    public List<Field> elements(int elementsMax) {
        if (!node.isArray()) {
            throw invalid("This is not a JSON array.");
        }
        if (node.size() > elementsMax) {
            throw invalid("This array has more than " + elementsMax + " elements.");
        }
        List<Field> elements = new ArrayList<>(node.size());
        for (int index = 0; index < node.size(); index++) {
            elements.add(new Field(path + "[" + index + "]", node.get(index)));
        }
        return elements;
    }

    /** Text of 1 to {@code lengthMax} characters without control characters. */
    public String text(int lengthMax) {
        if (!node.isTextual()) {
            throw invalid("This is not a JSON string.");
        }
        String text = node.textValue();
        if (text.isBlank() || text.length() > lengthMax) {
            throw invalid("This text is blank or longer than " + lengthMax + " characters.");
        }
        if (!text.codePoints().allMatch(Field::isPrintable)) {
            throw invalid("This text holds control characters or broken surrogates.");
        }
        return text;
    }

    /** Text that may have several lines. */
    public String lines(int lengthMax) {
        if (!node.isTextual() || node.textValue().isBlank() || node.textValue().length() > lengthMax) {
            throw invalid("This is not a JSON string of 1 to " + lengthMax + " characters.");
        }
        String text = node.textValue();
        if (!text.codePoints().allMatch(code -> code == '\n' || code == '\r' || code == '\t' || isPrintable(code))) {
            throw invalid("This text holds control characters or broken surrogates.");
        }
        return text;
    }

    private static boolean isPrintable(int codePoint) {
        return !Character.isISOControl(codePoint)
                && Character.getType(codePoint) != Character.SURROGATE
                && codePoint != 0xFFFE
                && codePoint != 0xFFFF;
    }

    /** Text that matches as a whole. */
    public String text(int lengthMax, Pattern shape, String expectation) {
        String text = text(lengthMax);
        if (!shape.matcher(text).matches()) {
            throw invalid(expectation);
        }
        return text;
    }

    public UUID uuid() {
        return UUID.fromString(text(36, UUID_SHAPE, "This is not a UUID in its 36 characters."));
    }

    public boolean flag() {
        if (!node.isBoolean()) {
            throw invalid("This is neither true nor false.");
        }
        return node.booleanValue();
    }

    /** A whole number, neither negative nor above {@code max}. */
    public long count(long max) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0 || node.longValue() > max) {
            throw invalid("This is not a whole number from 0 to " + max + ".");
        }
        return node.longValue();
    }

    /** An ISO-8601 instant in UTC, to the millisecond, so that what is stored equals what was said. */
    public Instant instant() {
        String text = text(40);
        Instant instant;
        try {
            instant = Instant.parse(text);
        } catch (DateTimeException e) {
            throw invalid("This is not an ISO-8601 instant such as 2026-01-31T12:00:00Z.");
        }
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw invalid("This instant is outside 1970 to 9999.");
        }
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    /** One of an enumeration's words, in its own spelling. */
    public <E extends Enum<E>> E word(Class<E> type) {
        String text = text(60);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw invalid("This is none of " + List.of(type.getEnumConstants()) + ".");
    }

    /** The problem of this field; the detail must not quote its value. */
    public ProblemException invalid(String detail) {
        return ProblemException.invalid(path, detail);
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
