package io.mailferry.restore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Where tenants' keys are. */
@ConfigMapping(prefix = "mailferry.keys")
public interface KeySettings {
    /** The keys directory, one folder per tenant. This service needs kek.json of each. */
    Path directory();

    /**
     * Whether missing keys are made. Only for development; this service has nothing to encrypt, so that even there a
     * made key opens nothing.
     */
    @WithDefault("false")
    boolean createMissing();
}
