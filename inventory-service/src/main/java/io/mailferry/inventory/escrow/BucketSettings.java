package io.mailferry.inventory.escrow;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The bucket that keeps agents' escrowed settings. */
@ConfigMapping(prefix = "mailferry.s3")
public interface BucketSettings {
    /** Where the object store listens, such as {@code https://s3.example.com}. */
    URI endpoint();

    /** The bucket's name. */
    String bucket();

    /** The access key of an account that may get and put under {@code t/}. */
    String accessKey();

    /** The secret of that account. */
    String secretKey();

    /** The region told to the server; us-east-1 where it has none. */
    @WithDefault("us-east-1")
    String region();

    /** How long one request may take; an agent waits meanwhile. */
    @WithDefault("PT10S")
    Duration timeout();
}
