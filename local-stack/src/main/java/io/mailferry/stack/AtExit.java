package io.mailferry.stack;

import java.util.ArrayList;
import java.util.List;

/**
 * What is closed, last opened first, when the JVM ends by itself, by Ctrl-C or by SIGTERM. One hook for all, because
 * the JVM runs several hooks at once and the order matters: services before the parts they use.
 */
final class AtExit {
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static boolean hooked;
    private static boolean ending;

    private AtExit() {}

    /** @throws StackFailure if the JVM is ending: then the caller must close it at once */
    static void close(AutoCloseable opened) {
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

    static void forget(AutoCloseable closed) {
        synchronized (OPEN) {
            OPEN.removeIf(open -> open == closed);
        }
    }

    private static void closeAll() {
        while (true) {
            AutoCloseable last;
            synchronized (OPEN) {
                ending = true;
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
