package io.mailferry.restore.verification;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Keeps the gauges of jobs by state current. */
@Singleton
class JobCounts {
    private static final Logger LOG = Logger.getLogger(JobCounts.class);

    private final TenantTransactions transactions;
    private final VerificationTable table;
    private final VerificationMetrics metrics;

    JobCounts(TenantTransactions transactions, VerificationTable table, VerificationMetrics metrics) {
        this.transactions = transactions;
        this.table = table;
        this.metrics = metrics;
    }

    @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            metrics.jobs(transactions.acrossTenants(transaction -> table.countByState(transaction.handle())));
        } catch (RuntimeException e) {
            LOG.warnf("jobs not counted: failure=%s", e.getClass().getSimpleName());
        }
    }
}
