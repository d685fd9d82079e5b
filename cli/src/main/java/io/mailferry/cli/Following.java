package io.mailferry.cli;

import io.mailferry.cli.terminal.ProgressBoard;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks again until everything has ended. The services' own limits end each piece of work, so this has none of its own. */
final class Following {
    private static final String GOES_ON =
            "No longer followed; the work goes on. See its end with: mailferry restore-points";
    private static final Duration PAUSE = Duration.ofMillis(400);

    /** One piece of work that is followed. */
    interface Work {
        /** Asks once and moves its bar; true when it has ended. */
        boolean ended();
    }

    private Following() {}

    /** Also tells whoever ends us before the work has ended, by Ctrl-C, that the work goes on. */
    static void untilEnded(ProgressBoard board, List<? extends Work> works) {
        Thread tell = new Thread(() -> System.err.println("mailferry: " + GOES_ON), "goes-on");
        Runtime.getRuntime().addShutdownHook(tell);
        try {
            follow(board, works);
        } finally {
            forget(tell);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Ctrl-C came in the moment of the end: it is being said already.
        }
    }

    private static void follow(ProgressBoard board, List<? extends Work> works) {
        while (true) {
            boolean all = true;
            for (Work work : works) {
                all &= work.ended();
            }
            board.refresh();
            if (all) {
                board.settle();
                return;
            }
            pause();
        }
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperatorError(GOES_ON);
        }
    }
}
