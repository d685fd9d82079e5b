package io.mailferry.inventory.history;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Timestamp;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Forgets old changes, so that the history does not grow for ever. */
@Singleton
final class HistorySweep {
    private static final Logger LOG = Logger.getLogger(HistorySweep.class);

    private final TenantTransactions transactions;
    private final HistorySettings settings;
    private final Clock clock;

    HistorySweep(TenantTransactions transactions, HistorySettings settings, Clock clock) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
    }

    @Scheduled(
            every = "${mailferry.history.forgotten-every}",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        try {
            forget();
        } catch (RuntimeException e) {
            // The database is away, most likely; what is forgotten a little later harms nobody.
            LOG.warnf("history not swept, trying again failure=%s", e.getClass().getSimpleName());
        }
    }

    /** @return how many were forgotten */
    int forget() {
        Timestamp before = Timestamp.from(clock.instant().minus(settings.keptFor()));
        return transactions.acrossTenants(
                transaction -> transaction.handle().execute("""
                        DELETE FROM inventory_change WHERE change IN (
                            SELECT change FROM inventory_change WHERE at < ? ORDER BY at LIMIT ?)
                        """, before, settings.forgottenMax()));
    }
}
