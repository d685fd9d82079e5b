package io.mailferry.messaging.inbox;

import io.mailferry.messaging.transaction.TenantTransactions;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Forgets the ids of events that can no longer be repeated, so that the inbox does not grow for ever. */
public final class InboxSweep {
    private static final Logger LOG = Logger.getLogger(InboxSweep.class);

    private final TenantTransactions transactions;
    private final Clock clock;
    private final Limits limits;

    /**
     * @param rememberedFor longer than the topics keep the events themselves
     * @param forgottenMax ids forgotten in one transaction, which bounds how long it takes
     * @param roundsMax transactions of one sweep
     */
    public record Limits(Duration rememberedFor, int forgottenMax, int roundsMax) {
        public Limits {
            if (!rememberedFor.isPositive()) {
                throw new IllegalArgumentException("mailferry.inbox.remembered-for must be positive");
            }
            if (forgottenMax < 1 || roundsMax < 1) {
                throw new IllegalArgumentException(
                        "mailferry.inbox.forgotten-max and forgotten-rounds-max must be at least 1");
            }
        }

        public static Limits of(InboxSettings settings) {
            return new Limits(settings.rememberedFor(), settings.forgottenMax(), settings.forgottenRoundsMax());
        }
    }

    public InboxSweep(TenantTransactions transactions, Clock clock, Limits limits) {
        this.transactions = transactions;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Forgets the oldest ids first, round after round while there are more; the service calls this now and then. Never
     * fails: what is forgotten a little later harms nobody.
     *
     * @return how many were forgotten
     */
    public long sweep() {
        long forgotten = 0;
        try {
            for (int round = 0; round < limits.roundsMax(); round++) {
                int more = forget();
                forgotten += more;
                if (more < limits.forgottenMax()) {
                    return forgotten;
                }
            }
            LOG.warnf("inbox not swept to its end, going on with the next sweep forgotten=%d", forgotten);
        } catch (RuntimeException e) {
            // The database is away, most likely.
            LOG.warnf("inbox not swept, trying again failure=%s", e.getClass().getSimpleName());
        }
        return forgotten;
    }

    private int forget() {
        Timestamp before = Timestamp.from(clock.instant().minus(limits.rememberedFor()));
        return transactions.acrossTenants(
                transaction -> transaction.handle().execute("""
                        DELETE FROM inbox WHERE (consumer, event) IN (
                            SELECT consumer, event FROM inbox WHERE at < ? ORDER BY at LIMIT ?)
                        """, before, limits.forgottenMax()));
    }
}
