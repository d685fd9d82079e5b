package io.mailferry.exporter.credential;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Where accounts are read from. */
@ConfigMapping(prefix = "mailferry.credentials")
public interface CredentialSettings {
    /** The credentials directory: {@code <tenant>/<ref>.json} with user and password, mode 0600, or a mounted secret. */
    Path directory();
}
