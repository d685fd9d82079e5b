package io.mailferry.inventory.command;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;

/** Settles commands whose time is over, on this service's clock, and counts all of them for the dashboards. */
@Singleton
final class CommandSweep {
    /** The cause of the end of what a revoked agent did not do. */
    static final String AGENT_REVOKED = "AGENT_REVOKED";

    private static final Logger LOG = Logger.getLogger(CommandSweep.class);
    private static final List<String> STATES = List.of(
            "QUEUED", "DELIVERED", "ACCEPTED", "RUNNING", "SUCCEEDED", "FAILED", "REJECTED", "CANCELLED", "EXPIRED");

    private final TenantTransactions transactions;
    private final CommandRows rows;
    private final Agents agents;
    private final CommandSettings settings;
    private final Clock clock;
    private final Map<String, AtomicLong> counts = new LinkedHashMap<>();

    CommandSweep(
            TenantTransactions transactions,
            CommandRows rows,
            Agents agents,
            CommandSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.transactions = transactions;
        this.rows = rows;
        this.agents = agents;
        this.settings = settings;
        this.clock = clock;
        for (String state : STATES) {
            AtomicLong count = new AtomicLong();
            counts.put(state, count);
            Gauge.builder("mailferry.inventory.commands", count, AtomicLong::get)
                    .tag("state", state)
                    .description("Commands for agents by state")
                    .register(meters);
        }
    }

    @Scheduled(every = "${mailferry.commands.sweep-every}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        try {
            settleOverdue();
        } catch (JdbiException e) {
            LOG.warnf(
                    "Commands not swept, trying again: failure=%s", e.getClass().getSimpleName());
        }
    }

    private void settleOverdue() {
        Instant lostBefore = clock.instant().minus(settings.lostAfter());
        List<CommandRows.Row> overdue =
                transactions.acrossTenants(transaction -> rows.overdue(transaction, lostBefore, settings.sweptMax()));
        for (CommandRows.Row row : overdue) {
            transactions.useTenant(
                    row.tenant(),
                    transaction -> rows.lock(transaction, row.agent(), row.command())
                            .ifPresent(locked -> settle(transaction, locked, lostBefore)));
        }
    }

    /** The row may have moved on since it was found. */
    private void settle(Transaction transaction, CommandRows.Row row, Instant lostBefore) {
        boolean revoked = agents.isRevoked(transaction, row.agent());
        switch (row.state()) {
            case CommandState.Waiting waiting
            when revoked -> {
                rows.update(transaction, row.command(), waiting.reject(AGENT_REVOKED));
                transaction.publish(
                        new CommandResult.CommandRejected(row.tenant(), row.server(), row.command(), AGENT_REVOKED));
                LOG.warnf("Command rejected, its agent is revoked commandId=%s agent=%s", row.command(), row.agent());
            }
            case CommandState.Begun begun
            when revoked -> {
                rows.update(transaction, row.command(), begun.fail(FailureCategory.PERMANENT, AGENT_REVOKED));
                transaction.publish(new CommandResult.CommandFailed(
                        row.tenant(), row.server(), row.command(), FailureCategory.PERMANENT, AGENT_REVOKED));
                LOG.warnf("Command failed, its agent is revoked commandId=%s agent=%s", row.command(), row.agent());
            }
            case CommandState.Waiting waiting -> {
                rows.update(transaction, row.command(), waiting.expire());
                transaction.publish(new CommandResult.CommandExpired(row.tenant(), row.server(), row.command()));
                LOG.infof("Command expired commandId=%s agent=%s", row.command(), row.agent());
            }
            case CommandState.Begun _ when row.expiresAt().isAfter(lostBefore) -> {}
            case CommandState.Begun begun -> {
                rows.update(transaction, row.command(), begun.lose());
                transaction.publish(new CommandResult.CommandFailed(
                        row.tenant(),
                        row.server(),
                        row.command(),
                        FailureCategory.TRANSIENT,
                        CommandResult.CommandFailed.AGENT_SILENT));
                LOG.warnf("Command lost commandId=%s agent=%s", row.command(), row.agent());
            }
            case CommandState.Finished _ -> {}
        }
    }

    @Scheduled(every = "${mailferry.metrics.every:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            countByState();
        } catch (JdbiException e) {
            LOG.warnf("Commands not counted: failure=%s", e.getClass().getSimpleName());
        }
    }

    private void countByState() {
        Map<String, Long> found = new HashMap<>();
        transactions.useAcrossTenants(transaction -> transaction
                .handle()
                .select("SELECT state, count(*) AS commands FROM agent_command GROUP BY state")
                .map((row, context) -> Map.entry(row.getString("state"), row.getLong("commands")))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue())));
        counts.forEach((state, count) -> count.set(found.getOrDefault(state, 0L)));
    }
}
