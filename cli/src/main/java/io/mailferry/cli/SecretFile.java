package io.mailferry.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** A secret in a file of its own: the only way in which a command takes one, since arguments are seen by everybody. */
final class SecretFile {
    private static final int BYTES_MAX = 4096;

    private SecretFile() {}

    /** The file's text without the newline at its end. Warns when others may read it. */
    static String read(Path file, String what) {
        try {
            if (Files.isDirectory(file)) {
                throw new OperatorError("The file of the " + what + " is a folder: " + file);
            }
            if (!Files.isRegularFile(file)) {
                throw new OperatorError("The file of the " + what + " does not exist: " + file);
            }
            if (Files.size(file) > BYTES_MAX) {
                throw new OperatorError("The file of the " + what + " is larger than any " + what + ": " + file);
            }
            warnIfOthersMayRead(file, what);
            String text = Files.readString(file, StandardCharsets.UTF_8);
            String secret = text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            if (secret.isEmpty() || secret.indexOf('\n') >= 0) {
                throw new OperatorError("The file of the " + what + " must hold one line, the " + what + ": " + file);
            }
            return secret;
        } catch (IOException e) {
            throw new OperatorError("The file of the " + what + " cannot be read: " + file);
        }
    }

    private static void warnIfOthersMayRead(Path file, String what) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.GROUP_READ)) {
            System.err.println("mailferry: warning: others may read the " + what + " in " + file
                    + "; close it with: chmod 600 " + file);
        }
    }
}
