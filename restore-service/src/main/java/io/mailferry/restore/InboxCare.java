package io.mailferry.restore;

import io.mailferry.messaging.inbox.InboxSettings;
import io.mailferry.messaging.inbox.InboxSweep;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Has the inbox swept now and then; made at the start, which limits that cannot work end. */
@Startup
@Singleton
final class InboxCare {
    private final InboxSweep inbox;

    InboxCare(TenantTransactions transactions, Clock clock, InboxSettings settings) {
        this.inbox = new InboxSweep(transactions, clock, InboxSweep.Limits.of(settings));
    }

    @Scheduled(
            every = "${mailferry.inbox.forgotten-every}",
            delayed = "1m",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        inbox.sweep();
    }
}
