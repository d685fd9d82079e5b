package io.mailferry.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How a program that refuses to run as root, or as a user without a name, is run by one. {@code NOT_NEEDED}: by anybody
 * else. {@code NAMESPACE}: a user namespace without a mapping, where the user is seen as nobody and still reads his own
 * files. Where namespaces are switched off root lends the user nobody a process and gives him the files; {@code NOBODY}
 * may pass through root's closed folders on the way to them, which {@code PLAIN_NOBODY} cannot where root itself has
 * been denied to hand that on.
 */
enum RootEscape {
    NOT_NEEDED(List.of()),
    NAMESPACE(List.of("unshare", "-U")),
    NOBODY(List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override")),
    PLAIN_NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

    private static final int NOBODY_ID = 65534;

    private final List<String> prefix;

    RootEscape(List<String> prefix) {
        this.prefix = prefix;
    }

    /** @throws StackFailure if there is none on this machine */
    static RootEscape current() {
        return Found.ESCAPE.orElseThrow(
                () -> new StackFailure(
                        "PostgreSQL refuses to run as root and as a user without a name, and here neither"
                                + " `unshare -U` nor `setpriv` can make it another user. Start Mailferry as an ordinary user."));
    }

    /** What stands before the command line. */
    List<String> prefix() {
        return prefix;
    }

    /** Makes who the program runs as the owner of the file, or of the folder and what it holds. */
    void give(Path path) throws IOException {
        int owner = switch (this) {
            case NOBODY, PLAIN_NOBODY -> NOBODY_ID;
            case NAMESPACE, NOT_NEEDED -> Found.IS_ROOT ? 0 : -1;
        };
        if (owner < 0) {
            // Only root can give files, and nobody but root has any to give.
            return;
        }
        try (var files = Files.walk(path)) {
            for (Path file : files.toList()) {
                if (!Files.getAttribute(file, "unix:uid").equals(owner)) {
                    Files.setAttribute(file, "unix:uid", owner);
                    Files.setAttribute(file, "unix:gid", owner);
                }
            }
        }
    }

    /** Whether it works here. */
    boolean isPossible() {
        return switch (this) {
            case NOT_NEEDED ->
                !Found.IS_ROOT && answers(List.of("sh", "-c", "id -un >/dev/null 2>&1 && echo named"), "named");
            case NAMESPACE -> becomesNobody();
            case NOBODY, PLAIN_NOBODY -> Found.IS_ROOT && becomesNobody();
        };
    }

    private boolean becomesNobody() {
        List<String> line =
                Stream.concat(prefix.stream(), Stream.of("id", "-u")).toList();
        return answers(line, Integer.toString(NOBODY_ID));
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

    /** Looked for once, when it is first needed. */
    private static final class Found {
        private static final boolean IS_ROOT = answers(List.of("id", "-u"), "0");
        private static final Optional<RootEscape> ESCAPE =
                Stream.of(values()).filter(RootEscape::isPossible).findFirst();
    }
}
