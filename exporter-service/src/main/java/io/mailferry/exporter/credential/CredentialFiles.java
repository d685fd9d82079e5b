package io.mailferry.exporter.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.exchange.connection.Credentials;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads an account each time an attempt needs it, so that a changed password works without a restart. */
@Singleton
public final class CredentialFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long BYTES_MAX = 64 * 1024;

    private final Path directory;

    CredentialFiles(CredentialSettings settings) {
        this.directory = settings.directory();
    }

    /**
     * @param ref letters, digits, dots, dashes and underscores, as contracts see to
     * @return empty if there is no such file, or it does not hold user and password
     */
    public Optional<Credentials> read(TenantId tenant, String ref) {
        Path file = directory.resolve(tenant.toString()).resolve(ref + ".json");
        try {
            if (Files.size(file) > BYTES_MAX) {
                return Optional.empty();
            }
            // A parser's message may quote the password, so only whether it worked leaves this method.
            JsonNode read = MAPPER.readTree(Files.readAllBytes(file));
            String user = read.path("user").asText("");
            String password = read.path("password").asText("");
            return user.isEmpty() || password.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Credentials(user, password));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
