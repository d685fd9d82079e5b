package io.mailferry.restore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The bucket that is read. This service needs get and list, nothing else. */
@ConfigMapping(prefix = "mailferry.s3")
public interface BucketSettings {
    /** Such as {@code https://s3.example.org}. */
    URI endpoint();

    /** The bucket's name. */
    String bucket();

    /** Who reads. */
    String accessKey();

    /** The secret that belongs to the access key. */
    String secretKey();

    /** Told to the server; us-east-1 where it has none. */
    @WithDefault("us-east-1")
    String region();

    /** How long a connection may take. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** How long the server may be silent within a request. */
    @WithDefault("PT30S")
    Duration idleTimeout();

    /** How long a whole request may take: the longest reads 64 MiB. */
    @WithDefault("PT5M")
    Duration callTimeout();

    /** Connections at once. */
    @WithDefault("8")
    int connectionsMax();
}
