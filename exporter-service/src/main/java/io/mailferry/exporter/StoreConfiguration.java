package io.mailferry.exporter;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The bucket, which this service lists and reads. */
@ConfigMapping(prefix = "mailferry.s3")
public interface StoreConfiguration {
    /** Such as {@code https://s3.example.org}. */
    URI endpoint();

    /** The bucket with all tenants' archives. */
    String bucket();

    /** The account's name; it needs to list and get objects, nothing else. */
    String accessKey();

    /** The account's secret. */
    String secretKey();

    /** Told to the server; servers without regions ignore it. */
    @WithDefault("us-east-1")
    String region();

    /** How long a connection to the server may take. */
    @WithDefault("PT5S")
    Duration connectTimeout();

    /** How long a request may go without a byte in either direction. */
    @WithDefault("PT30S")
    Duration idleTimeout();

    /** How long a whole request may take, however busy. */
    @WithDefault("PT5M")
    Duration callTimeout();

    /** Requests at once over all mailboxes. */
    @WithDefault("16")
    int connectionsMax();
}
