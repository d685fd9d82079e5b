package io.mailferry.planner.plan;

import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.planner.command.Command;
import io.mailferry.planner.command.Commands;
import io.mailferry.planner.fleet.FleetTable;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jboss.logging.Logger;

/**
 * Nothing waits for ever: commands that nobody answers are given up on the clock, and steps whose pause is over go on.
 * Several replicas may sweep at once; each change is made under the server's lock and made once.
 */
@Singleton
public final class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final TenantTransactions transactions;
    private final Commands commands;
    private final Plans plans;
    private final Clock clock;
    private final int sweepMax;

    Sweeper(TenantTransactions transactions, Commands commands, Plans plans, PlanSettings settings, Clock clock) {
        this.transactions = transactions;
        this.commands = commands;
        this.plans = plans;
        this.clock = clock;
        this.sweepMax = settings.sweepMax();
    }

    @Scheduled(
            every = "${mailferry.planner.plans.sweep-every}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        commands.overdue(sweepMax).forEach(this::expire);
        transactions
                .acrossTenants(transaction -> new PlanTable(transaction.handle()).due(clock.instant(), sweepMax))
                .forEach(this::resume);
    }

    private void expire(Command command) {
        transactions.useTenant(command.tenant(), transaction -> {
            new FleetTable(transaction.handle()).lock(command.server());
            commands.expire(transaction, command.command()).ifPresent(settled -> {
                LOG.infof("command given up commandId=%s type=%s", command.command(), command.type());
                plans.on(transaction, settled);
            });
        });
    }

    private void resume(PlanTable.Due due) {
        transactions.useTenant(due.tenant(), transaction -> {
            new PlanTable(transaction.handle())
                    .find(due.plan())
                    .ifPresent(plan -> new FleetTable(transaction.handle()).lock(plan.server()));
            plans.advance(transaction, due.plan());
        });
    }
}
