package io.mailferry.inventory;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A heartbeat that something was done to, and what may become of it.
 *
 * @param path with the query
 * @param expected what the gateway has to answer
 */
record FuzzedRequest(String method, String path, Map<String, String> headers, byte[] body, Expected expected) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    FuzzedRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * @param statuses that it may answer; 200 means that it was taken
     * @param field that a problem about the body names, itself or something within it; null if any field will do
     */
    record Expected(Set<Integer> statuses, @Nullable String field) {
        static final String WHOLE = "body";

        static Expected taken() {
            return new Expected(Set.of(200), null);
        }

        static Expected refused(String field) {
            return new Expected(Set.of(400), field);
        }

        /** Either is fine, but for a refusal that blames something else. */
        static Expected either(String field) {
            return new Expected(Set.of(200, 400), field);
        }

        static Expected answered(Integer... statuses) {
            return new Expected(Set.of(statuses), null);
        }
    }

    FuzzedRequest to(String otherPath, Integer... statuses) {
        return new FuzzedRequest(method, otherPath, headers, body, Expected.answered(statuses));
    }

    FuzzedRequest by(String otherMethod, Integer... statuses) {
        return new FuzzedRequest(otherMethod, path, headers, body, Expected.answered(statuses));
    }

    /** With another header, or without it if the value is null. */
    FuzzedRequest with(String header, @Nullable String value, Integer... statuses) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        if (value == null) {
            changed.remove(header);
        } else {
            changed.put(header, value);
        }
        return new FuzzedRequest(method, path, changed, body, Expected.answered(statuses));
    }

    FuzzedRequest with(byte[] otherBody, Expected other) {
        return new FuzzedRequest(method, path, headers, otherBody, other);
    }

    HttpRequest http(URI base) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return request.build();
    }
}
