package io.mailferry.exporter.credential;

import java.nio.file.Path;

/** Credentials of a directory, without a container. */
public final class TestingCredentials {
    private TestingCredentials() {}

    public static CredentialFiles in(Path directory) {
        return new CredentialFiles(() -> directory);
    }
}
