package io.mailferry.exporter;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Tenants' keys. */
@ConfigMapping(prefix = "mailferry.keys")
public interface KeysConfiguration {
    /** The keys directory: one folder per tenant with {@code kek.json} and {@code directory.json}. */
    Path directory();

    /** Makes keys that are missing. Only for development: a key that was lost would be replaced by one that opens nothing. */
    @WithDefault("false")
    boolean createMissing();
}
