package io.mailferry.inventory.listing;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list a caller asks for: {@code ?limit=100&after=<id of the last one seen>}. The answer is a plain JSON
 * array; while there is more, its {@code Link} header names the next page as RFC 8288 has it.
 *
 * @param limit at least 1
 * @param after the key of the last element seen, null for the beginning
 */
public record Page(int limit, @Nullable String after) {
    /** Elements in one answer, and as many as there are without {@code limit}. */
    private static final int LIMIT_MAX = 10_000;

    public static Page read(@Nullable String limit, @Nullable String after) {
        return read(limit, after, LIMIT_MAX);
    }

    /** @param limitDefault how many without {@code limit} */
    public static Page read(@Nullable String limit, @Nullable String after, int limitDefault) {
        if (limit == null) {
            return new Page(limitDefault, after);
        }
        if (!limit.matches("[0-9]{1,5}")) {
            throw badLimit();
        }
        int wanted = Integer.parseInt(limit);
        if (wanted < 1 || wanted > LIMIT_MAX) {
            throw badLimit();
        }
        return new Page(wanted, after);
    }

    private static ProblemException badLimit() {
        return ProblemException.invalid("limit", "This is not a whole number from 1 to " + LIMIT_MAX + ".");
    }

    /** How many rows a query has to look for: one more than asked for tells whether there is a next page. */
    public int rows() {
        return limit + 1;
    }

    /** The last id seen, null for the beginning. */
    public @Nullable UUID afterId() {
        if (after == null) {
            return null;
        }
        try {
            return UUID.fromString(after);
        } catch (IllegalArgumentException e) {
            throw badAfter();
        }
    }

    /**
     * The last id seen, known to be in the table, so that a wrong one is not taken for the end of the list.
     *
     * @param table written into the SQL as it is, like its key
     */
    public @Nullable UUID afterIn(Transaction transaction, String table, String key) {
        @Nullable UUID id = afterId();
        if (id != null
                && transaction
                        .handle()
                        .select("SELECT 1 FROM " + table + " WHERE " + key + " = ?", id)
                        .mapTo(Integer.class)
                        .findOne()
                        .isEmpty()) {
            throw badAfter();
        }
        return id;
    }

    /** The last number seen, or the given one for the beginning. */
    public long afterNumber(long beginning) {
        if (after == null) {
            return beginning;
        }
        if (!after.matches("[0-9]{1,18}")) {
            throw badAfter();
        }
        return Long.parseLong(after);
    }

    /** The problem of an {@code after} that names nothing in this list. */
    public static ProblemException badAfter() {
        return ProblemException.invalid("after", "This is no element of this list.");
    }

    /** @param found {@link #rows} elements, or all that are left */
    public <T> RestResponse<List<T>> answer(List<T> found, Function<T, Object> key, UriInfo asked) {
        boolean more = found.size() > limit;
        List<T> page = more ? found.subList(0, limit) : found;
        RestResponse.ResponseBuilder<List<T>> answer =
                RestResponse.ResponseBuilder.ok(page).type(MediaType.APPLICATION_JSON_TYPE);
        if (more) {
            answer.header(HttpHeaders.LINK, "<" + next(asked, key.apply(page.getLast())) + ">; rel=\"next\"");
        }
        return answer.build();
    }

    /** Without a host: whoever asks knows it better than this service behind its proxies. */
    private static String next(UriInfo asked, Object key) {
        URI next = asked.getRequestUriBuilder()
                .replaceQueryParam("after", key.toString())
                .build();
        return next.getRawPath() + "?" + next.getRawQuery();
    }
}
