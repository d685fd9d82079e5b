package io.mailferry.exchange.connection;

import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Repeats calls that failed for reasons that pass: the only place that does. Each throttled answer is told to the
 * pacing, and the server's back-off is kept to, since sending again early prolongs it.
 */
public final class RepeatedCalls {

    private final RetryLimits limits;
    private final Pacing pacing;
    private final Pause pause;
    private final RandomGenerator random;

    public RepeatedCalls(RetryLimits limits, Pacing pacing, Pause pause, RandomGenerator random) {
        this.limits = limits;
        this.pacing = pacing;
        this.pause = pause;
        this.random = random;
    }

    /** A read whose answer is wanted whole; damaged XML is repeated too, the next answer may be sound. */
    public <T> T call(Supplier<T> read) {
        ExchangeException earlier = null;
        for (int attempt = 1; ; attempt++) {
            try {
                T result = read.get();
                pacing.answered();
                return result;
            } catch (ExchangeException e) {
                if (earlier != null) {
                    e.addSuppressed(earlier);
                }
                earlier = e;
                if (!pauseBefore(attempt, e.failure())) {
                    throw e;
                }
            }
        }
    }

    /**
     * Waits as the failure wants.
     *
     * @param attempt how many attempts were made
     * @return false when it is not to be repeated: not repeatable, too often, or longer than a worker may wait
     */
    public boolean pauseBefore(int attempt, ExchangeFailure failure) {
        if (failure.category() == FailureCategory.THROTTLED) {
            pacing.throttled(failure);
        }
        boolean repeatable = failure.repeatable() || failure.code().equals("UnreadableXml");
        Duration wanted = failure.backOff();
        if (!repeatable
                || attempt >= limits.attemptsMax()
                || (wanted != null && wanted.compareTo(limits.backOffMax()) > 0)) {
            return false;
        }
        Duration own = limits.pause(attempt, random);
        try {
            pause.wait(wanted != null && wanted.compareTo(own) > 0 ? wanted : own);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExchangeException(FailureCategory.TRANSIENT, FailureReach.SERVER, "Interrupted");
        }
        return true;
    }

    public void answered() {
        pacing.answered();
    }

    public int attemptsMax() {
        return limits.attemptsMax();
    }
}
