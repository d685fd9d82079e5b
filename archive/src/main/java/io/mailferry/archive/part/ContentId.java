package io.mailferry.archive.part;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** The random name of one sealed content, by which later items may refer to it. */
public record ContentId(UUID value) {
    public static ContentId random() {
        return new ContentId(UUID.randomUUID());
    }

    @JsonCreator
    public static ContentId of(String text) {
        return new ContentId(UUID.fromString(text));
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
