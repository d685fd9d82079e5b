package io.mailferry.messaging.inbox;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Tries an effect again, in place, while what it needs is away, so that order is kept and nothing is skipped. After the
 * deadline the last failure is thrown with the earlier one suppressed: the channel then fails, the service is restarted
 * and takes the record anew.
 */
public final class Redelivery {
    /**
     * @param pauseFirst pause after the first failure; doubled after each further one
     * @param pauseMax the longest pause
     * @param deadline how long one record may be tried
     */
    public record Limits(Duration pauseFirst, Duration pauseMax, Duration deadline) {
        public static final Limits DEFAULT =
                new Limits(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    private static final Logger LOG = Logger.getLogger(Redelivery.class);

    private final Limits limits;

    public Redelivery(Limits limits) {
        this.limits = limits;
    }

    void run(Runnable effect) throws InterruptedException {
        long deadline = System.nanoTime() + limits.deadline().toNanos();
        Duration pause = limits.pauseFirst();
        RuntimeException earlier = null;
        while (true) {
            try {
                effect.run();
                return;
            } catch (Inbound.ImpossibleEvent e) {
                throw e;
            } catch (RuntimeException e) {
                if (earlier != null && earlier != e) {
                    e.addSuppressed(earlier);
                }
                if (System.nanoTime() + pause.toNanos() > deadline) {
                    throw e;
                }
                earlier = withoutSuppressed(e);
                LOG.warnf(
                        "Event not taken, trying again: failure=%s pauseMs=%d",
                        e.getClass().getSimpleName(), pause.toMillis());
            }
            Thread.sleep(pause.plusMillis(
                    ThreadLocalRandom.current().nextLong(limits.pauseFirst().toMillis() + 1)));
            pause = pause.multipliedBy(2).compareTo(limits.pauseMax()) > 0 ? limits.pauseMax() : pause.multipliedBy(2);
        }
    }

    /** Keeps only the newest of the earlier failures, so that a long outage does not pile them up. */
    private static RuntimeException withoutSuppressed(RuntimeException failure) {
        return failure.getSuppressed().length == 0 ? failure : new RuntimeException("earlier", failure.getCause());
    }
}
