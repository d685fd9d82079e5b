package io.mailferry.inventory.server;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

/** Counts servers for the dashboards, by how far EWS and the agents agree on their builds. */
@Singleton
final class ServerFigures {
    private static final Logger LOG = Logger.getLogger(ServerFigures.class);

    /** What EWS answers with, beside the agents' word. */
    private enum Build {
        AGREES,
        DIFFERS,
        NOT_OBSERVED
    }

    private final TenantTransactions transactions;
    private final Map<Build, AtomicLong> counts = new EnumMap<>(Build.class);

    ServerFigures(TenantTransactions transactions, MeterRegistry meters) {
        this.transactions = transactions;
        for (Build build : Build.values()) {
            AtomicLong count = new AtomicLong();
            counts.put(build, count);
            Gauge.builder("mailferry.inventory.servers", count, AtomicLong::get)
                    .tag("build", build.name())
                    .description("Exchange servers by whether EWS answers with the build that agents report")
                    .register(meters);
        }
    }

    @Scheduled(every = "${mailferry.metrics.every:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            Map<Build, Long> found = new EnumMap<>(Build.class);
            transactions.useAcrossTenants(transaction -> transaction
                    .handle()
                    .createQuery("""
                            SELECT CASE WHEN build_observed IS NULL THEN 'NOT_OBSERVED'
                                WHEN build IS DISTINCT FROM build_observed THEN 'DIFFERS' ELSE 'AGREES' END AS word,
                                count(*) AS servers
                            FROM exchange_server GROUP BY 1""")
                    .map((row, context) -> Map.entry(Build.valueOf(row.getString("word")), row.getLong("servers")))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue())));
            counts.forEach((build, count) -> count.set(found.getOrDefault(build, 0L)));
        } catch (JdbiException e) {
            LOG.warnf("Servers not counted: failure=%s", e.getClass().getSimpleName());
        }
    }
}
