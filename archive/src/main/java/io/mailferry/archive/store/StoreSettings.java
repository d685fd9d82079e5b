package io.mailferry.archive.store;

import java.net.URI;
import java.time.Duration;

/**
 * Where the bucket is and how long to wait for it.
 *
 * @param endpoint such as {@code http://127.0.0.1:9000}
 * @param region told to the server; {@code us-east-1} where it has none
 * @param connectTimeout until a connection stands
 * @param idleTimeout without a byte in either direction
 * @param callTimeout for a whole request, however busy
 * @param connectionsMax at once
 */
public record StoreSettings(
        URI endpoint,
        String bucket,
        String accessKey,
        String secretKey,
        String region,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration callTimeout,
        int connectionsMax) {
    /** With timeouts that suit packs of 64 MiB over a slow line. */
    public static StoreSettings of(URI endpoint, String bucket, String accessKey, String secretKey, String region) {
        return new StoreSettings(
                endpoint,
                bucket,
                accessKey,
                secretKey,
                region,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                16);
    }

    @Override
    public String toString() {
        return "bucket " + bucket + " at " + endpoint;
    }
}
