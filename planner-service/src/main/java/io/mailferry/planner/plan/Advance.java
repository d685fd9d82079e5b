package io.mailferry.planner.plan;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.planner.fleet.Mailbox;
import io.mailferry.planner.risk.Risk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** One pass over a plan's steps, in the order in which they depend on each other. Used once. */
final class Advance {
    private final Limits limits;
    private final Supplier<CommandId> commandIds;
    private final Plan plan;
    private final Situation situation;
    private final Instant now;
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Map<MailboxId, Mailbox> mailboxes = new HashMap<>();
    private final List<Transition.Order> orders = new ArrayList<>();
    private long exporting;
    private long verifying;

    Advance(Limits limits, Supplier<CommandId> commandIds, Plan plan, Situation situation, Instant now) {
        this.limits = limits;
        this.commandIds = commandIds;
        this.plan = plan;
        this.situation = situation;
        this.now = now;
        plan.steps().forEach(step -> steps.put(step.key(), step));
        situation.mailboxes().forEach(mailbox -> mailboxes.put(mailbox.mailbox(), mailbox));
    }

    Transition.Decision decide() {
        boolean untouched = plan.steps().stream().noneMatch(Step::isBegun);
        if (situation.risk() == Risk.UNAFFECTED && untouched) {
            return new Transition.Decision(plan.with(new PlanState.Withdrawn(now), plan.steps()), List.of());
        }
        for (Mailbox mailbox : situation.mailboxes()) {
            addMissing(Plan.export(mailbox.mailbox(), now));
            addMissing(Plan.verify(mailbox.mailbox(), now));
        }
        exporting = commanded(Work.Export.class);
        verifying = commanded(Work.Verify.class);
        // Steps are kept in the order of their dependencies, so one pass carries a change through.
        for (Step step : plan.with(plan.state(), steps.values()).steps()) {
            steps.put(step.key(), step.in(next(step)));
        }
        Plan moved = plan.with(plan.state(), steps.values());
        return new Transition.Decision(moved.with(new Standing(situation, now).of(moved), moved.steps()), orders);
    }

    private void addMissing(Step step) {
        steps.putIfAbsent(step.key(), step);
    }

    private long commanded(Class<? extends Work> kind) {
        return steps.values().stream()
                .filter(step -> kind.isInstance(step.work()) && step.state() instanceof StepState.Commanded)
                .count();
    }

    private StepState next(Step step) {
        return switch (step.state()) {
            case StepState.Done done -> done;
            case StepState.Commanded commanded -> overtaken(step.work(), commanded);
            case StepState.Waiting waiting ->
                switch (readiness(step.work())) {
                    case Readiness.Ready _ -> waiting.command(order(step.work()), now);
                    case Readiness.NotYet notYet -> waiting.because(notYet.reason(), now);
                    case Readiness.NotNeeded notNeeded -> new StepState.Skipped(now, notNeeded.reason());
                };
            case StepState.Skipped skipped ->
                switch (readiness(step.work())) {
                    case Readiness.Ready _ -> skipped.needed(now).command(order(step.work()), now);
                    case Readiness.NotYet notYet -> skipped.needed(now).because(notYet.reason(), now);
                    case Readiness.NotNeeded notNeeded when notNeeded.reason() == skipped.reason() -> skipped;
                    case Readiness.NotNeeded notNeeded -> new StepState.Skipped(now, notNeeded.reason());
                };
            case StepState.Pausing pausing ->
                switch (readiness(step.work())) {
                    case Readiness.Ready _ -> pausing.isDue(now) ? pausing.command(order(step.work()), now) : pausing;
                    case Readiness.NotYet _ -> pausing;
                    case Readiness.NotNeeded notNeeded -> new StepState.Skipped(now, notNeeded.reason());
                };
            case StepState.Failed failed ->
                readiness(step.work()) instanceof Readiness.NotNeeded notNeeded
                        ? new StepState.Skipped(now, notNeeded.reason())
                        : failed;
        };
    }

    /** An agent that reports the version has reached it, whether or not the result ever arrives. */
    private StepState overtaken(Work work, StepState.Commanded commanded) {
        return work instanceof Work.UpgradeAgent && situation.agentHasEws()
                ? commanded.done(
                        new Outcome.AgentVersionReached(
                                situation.agentVersion().orElseThrow().toString()),
                        now)
                : commanded;
    }

    private Readiness readiness(Work work) {
        return switch (work) {
            case Work.EscrowSettings _ -> new Readiness.Ready();
            case Work.FreezeRetention _ -> freezeRetention();
            case Work.UpgradeAgent _ -> upgradeAgent();
            case Work.CreateEwsSet _ -> createEwsSet();
            case Work.Export export -> export(export);
            case Work.Verify verify -> verify(verify);
            case Work.DisableSchedule _ -> disableSchedule();
        };
    }

    private Readiness freezeRetention() {
        if (!situation.retentionEnabled()) {
            return new Readiness.NotNeeded(StepState.Skipped.Reason.RETENTION_IS_OFF);
        }
        return switch (situation.risk()) {
            case BROKEN -> new Readiness.NotNeeded(StepState.Skipped.Reason.MAPI_IS_BROKEN);
            case UNKNOWN -> new Readiness.NotYet(StepState.Waiting.Reason.BUILD);
            case UNAFFECTED, AT_RISK, DEGRADED -> new Readiness.Ready();
        };
    }

    private Readiness upgradeAgent() {
        if (situation.agentHasEws()) {
            return new Readiness.NotNeeded(StepState.Skipped.Reason.AGENT_IS_NEW_ENOUGH);
        }
        if (!isSettled(new Work.EscrowSettings())) {
            return new Readiness.NotYet(StepState.Waiting.Reason.STEP_BEFORE);
        }
        return situation.ewsFrom().isEmpty()
                ? new Readiness.NotYet(StepState.Waiting.Reason.BUILD)
                : new Readiness.Ready();
    }

    private Readiness createEwsSet() {
        if (!isSettled(new Work.EscrowSettings()) || !isSettled(new Work.UpgradeAgent())) {
            return new Readiness.NotYet(StepState.Waiting.Reason.STEP_BEFORE);
        }
        return situation.mailboxesAreKnown()
                ? new Readiness.Ready()
                : new Readiness.NotYet(StepState.Waiting.Reason.MAILBOXES);
    }

    private Readiness export(Work.Export export) {
        if (!isSettled(new Work.CreateEwsSet()) || !mailboxes.containsKey(export.of())) {
            return new Readiness.NotYet(StepState.Waiting.Reason.STEP_BEFORE);
        }
        if (situation.endpoint().isEmpty()) {
            return new Readiness.NotYet(StepState.Waiting.Reason.ENDPOINT);
        }
        return exporting < limits.exportsAtOnce()
                ? new Readiness.Ready()
                : new Readiness.NotYet(StepState.Waiting.Reason.TURN);
    }

    private Readiness verify(Work.Verify verify) {
        if (!isSettled(new Work.Export(verify.of()))) {
            return new Readiness.NotYet(StepState.Waiting.Reason.STEP_BEFORE);
        }
        return verifying < limits.verificationsAtOnce()
                ? new Readiness.Ready()
                : new Readiness.NotYet(StepState.Waiting.Reason.TURN);
    }

    private Readiness disableSchedule() {
        if (!situation.scheduleEnabled()) {
            return new Readiness.NotNeeded(StepState.Skipped.Reason.SCHEDULE_IS_OFF);
        }
        boolean verified = situation.mailboxesAreKnown()
                && situation.mailboxes().stream().allMatch(mailbox -> isSettled(new Work.Verify(mailbox.mailbox())));
        // Where nothing runs any more, the schedule keeps nothing alive that disabling it could end.
        if (situation.risk() == Risk.BROKEN) {
            return new Readiness.Ready();
        }
        if (!verified) {
            return new Readiness.NotYet(StepState.Waiting.Reason.VERIFICATION);
        }
        return situation.uncovered().isEmpty()
                ? new Readiness.Ready()
                : new Readiness.NotYet(StepState.Waiting.Reason.PUBLIC_FOLDERS);
    }

    private boolean isSettled(Work work) {
        Step step = steps.get(work.key());
        return step != null && step.isSettled();
    }

    private CommandId order(Work work) {
        CommandId command = commandIds.get();
        orders.add(new Transition.Order(work.key(), command(work, command)));
        return command;
    }

    private TransitionCommand command(Work work, CommandId command) {
        Instant agentExpiry = now.plus(limits.agentExpiry());
        return switch (work) {
            case Work.EscrowSettings _ ->
                new TransitionCommand.EscrowAgentSettings(
                        command, plan.tenant(), plan.server(), situation.agent(), agentExpiry);
            case Work.FreezeRetention _ ->
                new TransitionCommand.FreezeMapiRetention(
                        command, plan.tenant(), plan.server(), situation.agent(), plan.mapiSet(), agentExpiry);
            case Work.UpgradeAgent _ ->
                new TransitionCommand.UpgradeAgent(
                        command,
                        plan.tenant(),
                        plan.server(),
                        situation.agent(),
                        situation.ewsFrom().orElseThrow().toString(),
                        agentExpiry);
            case Work.CreateEwsSet _ ->
                new TransitionCommand.CreateEwsBackupSet(
                        command,
                        plan.tenant(),
                        plan.server(),
                        situation.agent(),
                        plan.mapiSet(),
                        situation.setName() + " (EWS)",
                        situation.mailboxes().stream()
                                .flatMap(mailbox -> mailbox.exchangeGuid().stream())
                                .toList(),
                        agentExpiry);
            case Work.DisableSchedule _ ->
                new TransitionCommand.DisableMapiSchedule(
                        command, plan.tenant(), plan.server(), situation.agent(), plan.mapiSet(), agentExpiry);
            case Work.Export export -> export(export, command);
            case Work.Verify verify -> verify(verify, command);
        };
    }

    private TransitionCommand export(Work.Export export, CommandId command) {
        exporting++;
        return new TransitionCommand.ExportMailbox(
                command,
                plan.tenant(),
                plan.server(),
                export.of(),
                Optional.of(plan.mapiSet()),
                Objects.requireNonNull(mailboxes.get(export.of())).address(),
                situation.endpoint().orElseThrow(),
                now.plus(limits.jobExpiry()));
    }

    private TransitionCommand verify(Work.Verify verify, CommandId command) {
        verifying++;
        return new TransitionCommand.VerifyRestorePoint(
                command,
                plan.tenant(),
                plan.server(),
                verify.of(),
                Conclusion.exported(plan, verify),
                now.plus(limits.jobExpiry()));
    }
}
