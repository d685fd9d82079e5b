package io.mailferry.restore.browsing;

import io.mailferry.access.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets so many callers work at once, in the order in which they came, and sends away those who waited too long. */
final class Places {
    private final Semaphore free;
    private final Duration patience;

    Places(int atOnce, Duration patience) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("nobody would ever be let in");
        }
        this.free = new Semaphore(atOnce, true);
        this.patience = patience;
    }

    /** A 503 with a time to come back when no place becomes free. */
    <T> T in(Supplier<T> work) {
        try {
            if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ProblemException.unavailable("As many as may are reading indexes here; try again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("This service is stopping; try again.");
        }
        try {
            return work.get();
        } finally {
            free.release();
        }
    }
}
