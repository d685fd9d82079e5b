package io.mailferry.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is closed, last opened first, when the JVM ends by itself, by Ctrl-C or by SIGTERM. One hook for all, because
 * the JVM runs several hooks at once and the order matters: services before the parts they use. Child processes that
 * were started one after the other, with nothing else opened between them, do not rest on each other and are closed at
 * once. A second Ctrl-C kills what is left.
 */
public final class AtExit {
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final List<Runnable> TOLD = new ArrayList<>();
    private static boolean hooked;
    private static boolean ending;
    private static @Nullable Duration patience;

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

    /** Kills the child processes that are not closed so long after the JVM began to end: nobody needs their state. */
    public static void endWithin(Duration wanted) {
        synchronized (OPEN) {
            patience = wanted;
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
        @Nullable Duration wanted;
        synchronized (OPEN) {
            ending = true;
            told = OPEN.isEmpty() ? List.of() : List.copyOf(TOLD);
            wanted = patience;
        }
        told.forEach(Runnable::run);
        SecondInterrupt.await(AtExit::killAll);
        if (wanted != null) {
            killAfter(wanted);
        }
        for (List<AutoCloseable> last = lastOpened(); !last.isEmpty(); last = lastOpened()) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                last.forEach(open -> threads.execute(() -> closeOne(open)));
            }
            last.forEach(AtExit::forget);
        }
    }

    /** The last that is open, with the child processes right before it if it is one too. */
    private static List<AutoCloseable> lastOpened() {
        synchronized (OPEN) {
            int from = OPEN.size();
            while (from > 0 && OPEN.get(from - 1) instanceof ChildProcess) {
                from--;
            }
            return List.copyOf(OPEN.subList(Math.min(from, Math.max(0, OPEN.size() - 1)), OPEN.size()));
        }
    }

    private static void closeOne(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            // Nobody is left to tell but the terminal; the others must still be closed.
            System.err.println("mailferry: could not stop one process: " + e.getMessage());
        }
    }

    private static void killAfter(Duration wanted) {
        Thread.ofPlatform().daemon().name("mailferry-at-exit-patience").start(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(wanted.toMillis());
                killAll();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void killAll() {
        List<AutoCloseable> open;
        synchronized (OPEN) {
            open = List.copyOf(OPEN);
        }
        for (AutoCloseable each : open) {
            if (each instanceof ChildProcess child) {
                child.requestKill();
            }
        }
    }
}
