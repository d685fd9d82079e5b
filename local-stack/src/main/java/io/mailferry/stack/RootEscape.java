package io.mailferry.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a program that refuses to run as root, or as a user without a name, is run by one. {@code NOT_NEEDED}: by anybody
 * else. {@code NAMESPACE}: a user namespace without a mapping, where the user is seen as nobody and still reads his own
 * files. {@code NOBODY}: where namespaces are switched off, the user nobody, to whom root gives the files.
 */
enum RootEscape {
    NOT_NEEDED(List.of()),
    NAMESPACE(List.of("unshare", "-U")),
    NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

    private static final int NOBODY_ID = 65534;
    private static final RootEscape CURRENT = find();

    private final List<String> prefix;

    RootEscape(List<String> prefix) {
        this.prefix = prefix;
    }

    static RootEscape current() {
        return CURRENT;
    }

    /** What stands before the command line. */
    List<String> prefix() {
        return prefix;
    }

    /** Makes nobody the owner of the file, or of the folder and what it holds, where that is needed. */
    void giveAway(Path path) throws IOException {
        if (this != NOBODY) {
            return;
        }
        try (var files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", NOBODY_ID);
                Files.setAttribute(file, "unix:gid", NOBODY_ID);
            }
        }
    }

    private static RootEscape find() {
        boolean isRoot = answers(List.of("id", "-u"), "0");
        if (!isRoot && answers(List.of("sh", "-c", "id -un >/dev/null 2>&1 && echo named"), "named")) {
            return NOT_NEEDED;
        }
        return answers(List.of("unshare", "-U", "id", "-u"), Integer.toString(NOBODY_ID)) ? NAMESPACE : NOBODY;
    }

    private static boolean answers(List<String> command, String expected) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS)
                    && process.exitValue() == 0
                    && answer.strip().equals(expected);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
