package io.mailferry.inventory.tenant;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Where tenants' keys are. */
@ConfigMapping(prefix = "mailferry.keys")
public interface KeySettings {
    /** The keys directory, one folder per tenant. This service needs directory.json and escrow-public.jwk of each. */
    Path directory();

    /** Whether missing keys are made. Only for development: a lost key would be replaced by one that opens nothing. */
    @WithDefault("false")
    boolean createMissing();
}
