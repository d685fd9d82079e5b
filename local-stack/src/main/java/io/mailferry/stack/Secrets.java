package io.mailferry.stack;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Generated passwords of one part, kept in a file that only its owner reads, so that data survives a restart. */
final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 20;

    private final Path file;
    private final Properties values = new Properties();

    private Secrets(Path file) {
        this.file = file;
    }

    static Secrets in(Path file) {
        Secrets secrets = new Secrets(file);
        if (Files.exists(file)) {
            try {
                secrets.values.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new StackFailure("The passwords in " + file + " cannot be read.", e);
            }
        }
        return secrets;
    }

    /** The secret of this name, made up at its first use. */
    synchronized String named(String name) {
        @Nullable String known = values.getProperty(name);
        if (known != null) {
            return known;
        }
        String made = random();
        values.setProperty(name, made);
        StringWriter text = new StringWriter();
        try {
            values.store(text, null);
            writePrivately(file, text.toString());
        } catch (IOException e) {
            throw new StackFailure("The passwords could not be written to " + file, e);
        }
        return made;
    }

    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Writes a whole file with mode 0600, in place of an older one. */
    static void writePrivately(Path file, String text) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path made = Files.createTempFile(
                folder,
                "." + file.getFileName(),
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, text, StandardCharsets.UTF_8);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
