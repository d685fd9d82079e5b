package io.mailferry.system;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes of the stack that its own API has no word for. */
final class Signals {
    private Signals() {}

    /** @param signal such as {@code STOP} */
    static void send(long pid, String signal) {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -\"$2\" \"$1\"", "sh", Long.toString(pid), signal)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("no signal " + signal + " to process " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
