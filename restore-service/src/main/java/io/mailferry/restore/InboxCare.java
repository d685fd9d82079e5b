package io.mailferry.restore;

import io.mailferry.messaging.inbox.InboxSettings;
import io.mailferry.messaging.inbox.InboxSweep;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Has the inbox swept now and then. */
@Singleton
final class InboxCare {
    private static final Logger LOG = Logger.getLogger(InboxCare.class);

    private final InboxSweep sweep;

    InboxCare(TenantTransactions transactions, Clock clock, InboxSettings settings) {
        this.sweep = new InboxSweep(transactions, clock, settings.rememberedFor(), settings.forgottenMax());
    }

    @Scheduled(
            every = "${mailferry.inbox.forgotten-every}",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        try {
            sweep.forget();
        } catch (RuntimeException e) {
            // The database is away, most likely; what is forgotten a little later harms nobody.
            LOG.warnf("inbox not swept, trying again failure=%s", e.getClass().getSimpleName());
        }
    }
}
