package io.mailferry.planner.plan;

import io.mailferry.contracts.id.Id;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.planner.command.Command;
import io.mailferry.planner.command.Commands;
import io.mailferry.planner.fleet.FleetTable;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
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
        try {
            sweepOnce();
        } catch (RuntimeException e) {
            // The database is away, most likely; the next tick tries again, and a trace each second would help nobody.
            LOG.warnf("not swept, trying again failure=%s", e.getClass().getSimpleName());
        }
    }

    private void sweepOnce() {
        for (Command overdue : commands.overdue(sweepMax)) {
            alone("command", overdue.command(), () -> expire(overdue));
        }
        List<PlanTable.Due> due = transactions.acrossTenants(
                transaction -> new PlanTable(transaction.handle()).due(clock.instant(), sweepMax));
        for (PlanTable.Due each : due) {
            alone("plan", each.plan(), () -> resume(each));
        }
    }

    /** One that cannot be moved now is taken up by the next sweep and does not hold up those behind it. */
    private static void alone(String what, Id id, Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            LOG.errorf(e, "sweep left one behind kind=%s id=%s", what, id);
        }
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
