package io.mailferry.inventory.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.id.TenantId;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes Exchange accounts as files that only this user can read, whole or not at all. */
@Singleton
final class CredentialFiles {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Optional<Path> directory;

    CredentialFiles(CredentialSettings settings) {
        this.directory = settings.directory();
    }

    boolean isWritable() {
        return directory.isPresent();
    }

    /** @param ref the file's name without its ending; letters, digits and dashes */
    void write(TenantId tenant, String ref, String user, String password) {
        Path folder = directory
                .orElseThrow(() -> new IllegalStateException("mailferry.credentials.directory is not set"))
                .resolve(tenant.toString());
        try {
            Files.createDirectories(folder, OWNER_FOLDER);
            Path fresh = Files.createTempFile(folder, "." + ref, ".new", OWNER_FILE);
            try {
                Files.write(fresh, MAPPER.writeValueAsBytes(Map.of("user", user, "password", password)));
                Files.move(
                        fresh,
                        folder.resolve(ref + ".json"),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the credentials directory cannot be written", e);
        }
    }
}
