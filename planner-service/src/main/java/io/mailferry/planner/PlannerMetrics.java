package io.mailferry.planner;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Counts of what is in the rows, for all tenants together: {@code mailferry_planner_plans{state}},
 * {@code mailferry_planner_steps{state}}, {@code mailferry_planner_risk{verdict}} and
 * {@code mailferry_planner_commands{type,state}}. Each replica tells the same figures, so dashboards take their maximum.
 */
@Singleton
final class PlannerMetrics {
    private static final Logger LOG = Logger.getLogger(PlannerMetrics.class);

    private final TenantTransactions transactions;
    private final MultiGauge plans;
    private final MultiGauge steps;
    private final MultiGauge risk;
    private final MultiGauge commands;

    PlannerMetrics(TenantTransactions transactions, MeterRegistry meters) {
        this.transactions = transactions;
        this.plans = MultiGauge.builder("mailferry.planner.plans")
                .description("plans by state")
                .register(meters);
        this.steps = MultiGauge.builder("mailferry.planner.steps")
                .description("steps of active plans by state")
                .register(meters);
        this.risk = MultiGauge.builder("mailferry.planner.risk")
                .description("backup sets by verdict")
                .register(meters);
        this.commands = MultiGauge.builder("mailferry.planner.commands")
                .description("commands by type and state")
                .register(meters);
    }

    @Scheduled(
            every = "${mailferry.planner.metrics.every:5s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            countOnce();
        } catch (RuntimeException e) {
            // The database is away, most likely; the figures stay as they were until the next tick.
            LOG.warnf("not counted, trying again failure=%s", e.getClass().getSimpleName());
        }
    }

    private void countOnce() {
        transactions.useAcrossTenants(transaction -> {
            Handle handle = transaction.handle();
            plans.register(rows(handle, "SELECT count(*), state FROM plan GROUP BY state", "state"), true);
            steps.register(rows(handle, """
                            SELECT count(*), step.state FROM step JOIN plan USING (plan)
                            WHERE plan.state NOT IN ('DONE', 'WITHDRAWN') GROUP BY step.state
                            """, "state"), true);
            risk.register(rows(handle, "SELECT count(*), risk FROM verdict GROUP BY risk", "verdict"), true);
            commands.register(
                    rows(handle, "SELECT count(*), type, state FROM command GROUP BY type, state", "type", "state"),
                    true);
        });
    }

    private static List<MultiGauge.Row<?>> rows(Handle handle, String query, String... labels) {
        return handle.createQuery(query)
                .<MultiGauge.Row<?>>map((row, context) -> {
                    Tags tags = Tags.empty();
                    for (int i = 0; i < labels.length; i++) {
                        tags = tags.and(labels[i], row.getString(i + 2));
                    }
                    return MultiGauge.Row.of(tags, row.getLong(1));
                })
                .list();
    }
}
