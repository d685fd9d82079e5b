package io.mailferry.planner.plan;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.mailferry.planner.command.Commands;
import io.mailferry.planner.command.Origin;
import io.mailferry.planner.command.Settled;
import io.mailferry.planner.fleet.Agent;
import io.mailferry.planner.fleet.BackupSet;
import io.mailferry.planner.fleet.FleetTable;
import io.mailferry.planner.fleet.Server;
import io.mailferry.planner.risk.Verdict;
import io.mailferry.planner.risk.Verdicts;
import io.mailferry.planner.rule.AgentRule;
import io.mailferry.planner.rule.AgentVersion;
import io.mailferry.planner.rule.Announcements;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Makes and moves plans in the rows. Whoever calls holds the lock of the server in question, so that each server's plans
 * are moved by one transaction at a time.
 */
@Singleton
public final class Plans {
    private static final Logger LOG = Logger.getLogger(Plans.class);

    private final TenantTransactions transactions;
    private final Announcements announcements;
    private final Verdicts verdicts;
    private final Commands commands;
    private final Transition transition;
    private final Clock clock;

    Plans(
            TenantTransactions transactions,
            Announcements announcements,
            Verdicts verdicts,
            Commands commands,
            PlanSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.announcements = announcements;
        this.verdicts = verdicts;
        this.commands = commands;
        this.transition = new Transition(Limits.of(settings), CommandId::random);
        this.clock = clock;
    }

    /** What became of an operator's wish to retry a step. */
    enum Retried {
        YES,
        NO_SUCH_STEP,
        NOT_FAILED
    }

    /** Makes the plans that the server's sets need by their verdicts, and takes all of them as far as they can go. */
    public void reconcile(Transaction transaction, ServerId serverId) {
        FleetTable fleet = new FleetTable(transaction.handle());
        Optional<Server> server = fleet.server(serverId);
        if (server.isEmpty()) {
            return;
        }
        for (BackupSet set : fleet.backupSets(serverId)) {
            Optional<Verdict> verdict = verdicts.of(transaction, set.backupSet());
            if (verdict.isPresent()) {
                reconcile(transaction, server.get(), set, verdict.get());
            }
        }
    }

    /** Tells the plan that one of its commands has ended, and takes it further. */
    public void on(Transaction transaction, Settled settled) {
        if (settled.command().origin().isEmpty()) {
            return;
        }
        Origin origin = settled.command().origin().get();
        PlanTable table = new PlanTable(transaction.handle());
        table.find(origin.plan()).ifPresent(before -> {
            Plan after = transition.on(
                    before, origin.step(), settled.command().command(), settled.ending(), clock.instant());
            advance(transaction, Optional.of(before), after);
        });
    }

    /** Takes the plan further, as when a pause of one of its steps is over. */
    void advance(Transaction transaction, PlanId plan) {
        new PlanTable(transaction.handle())
                .find(plan)
                .ifPresent(before -> advance(transaction, Optional.of(before), before));
    }

    Retried retry(TenantId tenant, PlanId planId, String step) {
        return transactions.inTenant(tenant, transaction -> {
            PlanTable table = new PlanTable(transaction.handle());
            Optional<ServerId> server = table.find(planId).map(Plan::server);
            server.ifPresent(new FleetTable(transaction.handle())::lock);
            // Read again under the lock: a result may have moved it meanwhile.
            Optional<Plan> before = table.find(planId);
            if (before.isEmpty() || before.get().step(step).isEmpty()) {
                return Retried.NO_SUCH_STEP;
            }
            Optional<Plan> after = transition.retry(before.get(), step, clock.instant());
            after.ifPresent(plan -> advance(transaction, before, plan));
            return after.isPresent() ? Retried.YES : Retried.NOT_FAILED;
        });
    }

    private void reconcile(Transaction transaction, Server server, BackupSet set, Verdict verdict) {
        PlanTable table = new PlanTable(transaction.handle());
        Optional<Plan> active = table.activeOf(set.backupSet());
        if (active.isPresent()) {
            advance(transaction, active, active.get());
            return;
        }
        if (Transition.wantsPlan(set.mode(), verdict.risk(), false, table.isDone(set.backupSet()))) {
            Plan made = Plan.make(PlanId.random(), server.tenant(), server.server(), set.backupSet(), clock.instant());
            LOG.infof("plan made planId=%s backupSetId=%s risk=%s", made.plan(), set.backupSet(), verdict.risk());
            advance(transaction, Optional.empty(), made);
        }
    }

    private void advance(Transaction transaction, Optional<Plan> before, Plan plan) {
        Instant now = clock.instant();
        Optional<Situation> situation = situation(transaction, plan);
        Transition.Decision decision = situation
                .map(known -> transition.advance(plan, known, now))
                .orElseGet(() -> new Transition.Decision(plan, List.of()));
        new PlanTable(transaction.handle()).save(before, decision.plan());
        decision.orders()
                .forEach(order -> commands.issue(
                        transaction, order.command(), Optional.of(new Origin(plan.plan(), order.step()))));
        if (!decision.plan().state().equals(plan.state())) {
            LOG.infof(
                    "plan moved planId=%s state=%s",
                    plan.plan(), PlanColumns.of(decision.plan().state()).state());
        }
    }

    /** Empty while the set is not known, which is before its plan is made. */
    private Optional<Situation> situation(Transaction transaction, Plan plan) {
        FleetTable fleet = new FleetTable(transaction.handle());
        Optional<Server> server = fleet.server(plan.server());
        Optional<BackupSet> set = fleet.backupSets(plan.server()).stream()
                .filter(each -> each.backupSet().equals(plan.mapiSet()))
                .findFirst();
        Optional<Verdict> verdict = verdicts.of(transaction, plan.mapiSet());
        if (server.isEmpty() || set.isEmpty() || verdict.isEmpty()) {
            return Optional.empty();
        }
        Optional<Agent> agent = fleet.agent(set.get().agent());
        return Optional.of(new Situation(
                verdict.get().risk(),
                set.get().agent(),
                agent.flatMap(known -> AgentVersion.parse(known.version())),
                ewsFrom(server.get(), agent),
                set.get().name(),
                set.get().scheduleEnabled(),
                set.get().retentionEnabled(),
                set.get().mailboxes(),
                fleet.mailboxes(plan.mapiSet()),
                server.get().endpoint(),
                verdict.get().uncovered()));
    }

    private Optional<AgentVersion> ewsFrom(Server server, Optional<Agent> agent) {
        return server.build()
                .flatMap(announcements::about)
                .flatMap(announcement -> agent.flatMap(known -> announcement.agentsOf(known.brand())))
                .map(AgentRule::ewsFrom);
    }
}
