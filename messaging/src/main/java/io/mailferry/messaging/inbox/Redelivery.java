package io.mailferry.messaging.inbox;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Tries an effect again, in place, so that order is kept and nothing is skipped: until a deadline while what it needs is
 * away, and a few times when it fails for another reason, which repeating will hardly mend.
 */
public final class Redelivery {
    /** How old a record may become in a channel before the channel fails, as each service's channels are set. */
    public static final Duration RECORD_AGE_MAX = Duration.ofMinutes(10);

    /**
     * @param pauseFirst pause after the first failure; doubled after each further one
     * @param pauseMax the longest pause
     * @param deadline how long one record may wait for what is away; below {@link #RECORD_AGE_MAX}, since past that the
     *     channel itself gives up
     * @param attemptsMax how often an effect is tried that fails although nothing is away
     */
    public record Limits(Duration pauseFirst, Duration pauseMax, Duration deadline, int attemptsMax) {
        public Limits {
            if (!pauseFirst.isPositive() || pauseMax.compareTo(pauseFirst) < 0) {
                throw new IllegalArgumentException(
                        "mailferry.inbox.pause-first must be positive, and pause-max at least as long");
            }
            if (!deadline.isPositive() || deadline.compareTo(RECORD_AGE_MAX) >= 0) {
                throw new IllegalArgumentException(
                        "mailferry.inbox.deadline must be positive and below " + RECORD_AGE_MAX);
            }
            if (attemptsMax < 1) {
                throw new IllegalArgumentException("mailferry.inbox.attempts-max must be at least 1");
            }
        }

        public static Limits of(InboxSettings settings) {
            return new Limits(settings.pauseFirst(), settings.pauseMax(), settings.deadline(), settings.attemptsMax());
        }
    }

    private static final Logger LOG = Logger.getLogger(Redelivery.class);

    /** Classes of SQLSTATE that pass by themselves: connection, rollback, resources, locks, intervention, system. */
    private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

    private final Limits limits;

    public Redelivery(Limits limits) {
        this.limits = limits;
    }

    /** Returns when the effect succeeded; otherwise throws its last failure. */
    void run(Runnable effect) throws InterruptedException {
        long deadline = System.nanoTime() + limits.deadline().toNanos();
        Duration pause = limits.pauseFirst();
        for (int attempt = 1; true; attempt++) {
            try {
                effect.run();
                return;
            } catch (Inbound.ImpossibleEvent e) {
                throw e;
            } catch (RuntimeException e) {
                boolean late = System.nanoTime() + pause.toNanos() > deadline;
                if (late || (!isOutage(e) && attempt >= limits.attemptsMax())) {
                    throw e;
                }
                LOG.warnf(
                        "Event not taken, trying again: failure=%s attempt=%d pauseMs=%d",
                        e.getClass().getSimpleName(), attempt, pause.toMillis());
            }
            Thread.sleep(pause.plusMillis(
                    ThreadLocalRandom.current().nextLong(limits.pauseFirst().toMillis() + 1)));
            pause = pause.multipliedBy(2).compareTo(limits.pauseMax()) > 0 ? limits.pauseMax() : pause.multipliedBy(2);
        }
    }

    /** Whether the failure says that PostgreSQL or the network is away, rather than that the effect is wrong. */
    static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SQLException sql -> {
                    String state = sql.getSQLState();
                    // A pool that has no connection to give throws without a state.
                    return state == null || state.length() < 2 || PASSING.contains(state.substring(0, 2));
                }
                case IOException network -> {
                    return true;
                }
                case TimeoutException late -> {
                    return true;
                }
                default -> {
                    // Look at what caused it.
                }
            }
        }
        return false;
    }
}
