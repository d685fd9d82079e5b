package io.mailferry.stack;

import java.util.ArrayList;
import java.util.List;

/**
 * What is closed, last opened first, when the JVM ends by itself, by Ctrl-C or by SIGTERM. One hook for all, because
 * the JVM runs several hooks at once and the order matters: services before the parts they use.
 */
public final class AtExit {
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final List<Runnable> TOLD = new ArrayList<>();
    private static boolean hooked;
    private static boolean ending;

    private AtExit() {}

    /** @throws StackFailure if the JVM is ending: then the caller must close it at once */
    public static void close(AutoCloseable opened) {
        synchronized (OPEN) {
            if (ending) {
                throw new StackFailure("Everything is being stopped; nothing is started any more.");
            }
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll, "mailferry-at-exit"));
                hooked = true;
            }
            OPEN.add(opened);
        }
    }

    /** To be called when it is closed, not before: until then the JVM waits for it. */
    public static void forget(AutoCloseable closed) {
        synchronized (OPEN) {
            OPEN.removeIf(open -> open == closed);
        }
    }

    /** Runs before the first is closed, if there is anything to close, in the thread that closes. */
    public static void whenEnding(Runnable told) {
        synchronized (OPEN) {
            TOLD.add(told);
        }
    }

    /** Whether the JVM is being ended, so that what fails now fails because of that. */
    public static boolean isEnding() {
        synchronized (OPEN) {
            return ending;
        }
    }

    private static void closeAll() {
        List<Runnable> told;
        synchronized (OPEN) {
            ending = true;
            told = OPEN.isEmpty() ? List.of() : List.copyOf(TOLD);
        }
        told.forEach(Runnable::run);
        while (true) {
            AutoCloseable last;
            synchronized (OPEN) {
                if (OPEN.isEmpty()) {
                    return;
                }
                last = OPEN.removeLast();
            }
            try {
                last.close();
            } catch (Exception e) {
                // Nobody is left to tell but the terminal; the others must still be closed.
                System.err.println("mailferry: could not stop one process: " + e.getMessage());
            }
        }
    }
}
