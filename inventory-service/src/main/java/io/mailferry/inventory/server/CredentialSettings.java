package io.mailferry.inventory.server;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the exporter finds Exchange accounts. */
@ConfigMapping(prefix = "mailferry.credentials")
public interface CredentialSettings {
    /**
     * The credentials directory, one folder per tenant, which this service may write in development. Without it, as in
     * production, operators name a {@code credentialRef} that is mounted where the exporter runs.
     */
    Optional<Path> directory();
}
