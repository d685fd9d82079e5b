package io.mailferry.cli.signin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.cli.rest.RestFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a sign-in is kept. Only its owner may read it; it is replaced whole. */
public final class SignInFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    SignInFile(Path file) {
        this.file = file;
    }

    /** {@code MAILFERRY_SIGN_IN_FILE}, or in the folder for settings below the home folder. */
    public static SignInFile of(Map<String, String> environment) {
        String named = environment.getOrDefault("MAILFERRY_SIGN_IN_FILE", "");
        return new SignInFile(
                named.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".config", "mailferry", "sign-in.json")
                        : Path.of(named));
    }

    /** @throws RestFailure if there is something that cannot be read */
    public Optional<SignIn> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(file), SignIn.class));
        } catch (IOException e) {
            throw new RestFailure(0, "The sign-in in " + file + " cannot be read. Sign in anew: mailferry login");
        }
    }

    public void write(SignIn signIn) {
        try {
            folder();
            Path next = Files.createTempFile(file.toAbsolutePath().getParent(), "sign-in", ".new", owners("rw-------"));
            Files.write(next, MAPPER.writeValueAsBytes(signIn));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RestFailure(0, "The sign-in cannot be kept in " + file + ". Is the folder yours?");
        }
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new RestFailure(0, "The sign-in in " + file + " cannot be removed. Remove it by hand.");
        }
    }

    /** While other commands that want the same wait: a provider may take a refresh token only once. */
    <T> T alone(Supplier<T> work) {
        try {
            folder();
            try (FileChannel lock = FileChannel.open(
                            file.resolveSibling("sign-in.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock.lock()) {
                return work.get();
            }
        } catch (IOException e) {
            throw new RestFailure(0, "The folder of " + file + " cannot be written. Is it yours?");
        }
    }

    private void folder() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent(), owners("rwx------"));
    }

    private static FileAttribute<?>[] owners(String permissions) {
        boolean posix =
                Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
