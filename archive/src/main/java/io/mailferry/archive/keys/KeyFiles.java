package io.mailferry.archive.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;

/** Files that hold keys: readable by their owner only, and made at once or not at all. */
final class KeyFiles {
    private KeyFiles() {}

    static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the text unless the file is there already. Several services may start at once, so the text is linked into
     * place: the loser of that race gets what the winner wrote.
     *
     * @return what the file holds now
     */
    static String createOrRead(Path folder, String name, String text) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = folder.resolve("." + name + "." + UUID.randomUUID());
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(fresh, text);
                Files.createLink(file, fresh);
                return text;
            } catch (FileAlreadyExistsException e) {
                return Files.readString(file);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
