package io.mailferry.access.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem.
 *
 * @param type {@code about:blank}: the status says it all, until a kind of problem needs a page of its own
 * @param detail what is wrong and, where there is one, the remedy; our words only
 * @param field the path of the field that is wrong, such as {@code status.server.build}
 * @param instance names the log lines that belong to an unexpected error
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String field,
        @Nullable String instance) {
    static final String BLANK = "about:blank";
    /** The media type of every problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(int status, String title, @Nullable String detail) {
        return new Problem(BLANK, title, status, detail, null, null);
    }

    Problem inField(String field) {
        return new Problem(type, title, status, detail, field, instance);
    }
}
