package io.mailferry.planner;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;

/** Forgets the ids of events that can no longer be repeated, so that the inbox does not grow for ever. */
@Singleton
final class InboxSweep {
    private final TenantTransactions transactions;
    private final Clock clock;
    private final Duration rememberedFor;
    private final int forgottenMax;

    InboxSweep(TenantTransactions transactions, Clock clock, InboxSettings settings) {
        this.transactions = transactions;
        this.clock = clock;
        this.rememberedFor = settings.rememberedFor();
        this.forgottenMax = settings.forgottenMax();
    }

    @Scheduled(every = "5m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forget() {
        Timestamp before = Timestamp.from(clock.instant().minus(rememberedFor));
        transactions.useAcrossTenants(transaction -> transaction.handle().execute("""
                        DELETE FROM inbox WHERE (consumer, event) IN (
                            SELECT consumer, event FROM inbox WHERE at < ? ORDER BY at LIMIT ?)
                        """, before, forgottenMax));
    }
}
