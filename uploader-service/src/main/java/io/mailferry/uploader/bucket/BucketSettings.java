package io.mailferry.uploader.bucket;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The bucket that bears the archive. */
@ConfigMapping(prefix = "mailferry.bucket")
public interface BucketSettings {
    /** Such as {@code https://s3.example.org}. */
    URI endpoint();

    /** The bucket's name; it must exist. */
    String name();

    /** May get, list and put; needs nothing else. */
    String accessKey();

    /** Secret; from the environment or a mounted file, never from an argument. */
    String secretKey();

    /** As the server wants it named. */
    @WithDefault("us-east-1")
    String region();

    /** Until a connection stands. */
    @WithDefault("5s")
    Duration connectTimeout();

    /** Without a byte in either direction. */
    @WithDefault("30s")
    Duration idleTimeout();

    /** For one whole request. */
    @WithDefault("5m")
    Duration callTimeout();

    /** Requests at once. */
    @WithDefault("16")
    int connectionsMax();

    /** Packs put at once, over all mailboxes. Servers that buffer whole requests need memory for so many packs. */
    @WithDefault("3")
    int packPutsMax();

    /** Pause after the first failure; doubled after each further one, with some randomness. */
    @WithDefault("200ms")
    Duration pauseMin();

    /** The longest pause between two tries. */
    @WithDefault("5s")
    Duration pauseMax();

    /** How long a failure that may pass is tried again before the mailbox's attempt is refused. */
    @WithDefault("10m")
    Duration patience();

    /** The same for a failure that will hardly pass: access denied, bucket gone. */
    @WithDefault("20s")
    Duration patienceWhenPermanent();

    /** Writers that race in the check at start. */
    @WithDefault("8")
    int checkWriters();
}
