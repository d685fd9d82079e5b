package io.mailferry.planner.plan;

import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How one MAPI set gets through its transition. Immutable; {@link Transition} makes the next one. */
record Plan(
        PlanId plan,
        TenantId tenant,
        ServerId server,
        BackupSetId mapiSet,
        Instant madeAt,
        PlanState state,
        List<Step> steps) {
    private static final Comparator<Step> IN_ORDER =
            Comparator.comparingInt((Step step) -> step.work().position()).thenComparing(Step::key);

    Plan {
        steps = steps.stream().sorted(IN_ORDER).toList();
    }

    static Plan make(PlanId plan, TenantId tenant, ServerId server, BackupSetId mapiSet, Instant now) {
        List<Step> steps = Stream.of(
                        new Work.EscrowSettings(),
                        new Work.FreezeRetention(),
                        new Work.UpgradeAgent(),
                        new Work.CreateEwsSet(),
                        new Work.DisableSchedule())
                .map(work -> fresh(work, now))
                .toList();
        return new Plan(plan, tenant, server, mapiSet, now, new PlanState.Running(now), steps);
    }

    Optional<Step> step(String key) {
        return steps.stream().filter(step -> step.key().equals(key)).findFirst();
    }

    boolean isActive() {
        return state instanceof PlanState.Active;
    }

    Plan with(PlanState newState, Collection<Step> newSteps) {
        return new Plan(plan, tenant, server, mapiSet, madeAt, newState, List.copyOf(newSteps));
    }

    /** The same plan with this one step in another state. */
    Plan with(Step changed) {
        return with(
                state,
                steps.stream()
                        .map(step -> step.key().equals(changed.key()) ? changed : step)
                        .toList());
    }

    static Step fresh(Work work, Instant now) {
        return new Step(work, new StepState.Waiting(now, StepState.Waiting.Reason.STEP_BEFORE));
    }

    static Step export(MailboxId mailbox, Instant now) {
        return fresh(new Work.Export(mailbox), now);
    }

    static Step verify(MailboxId mailbox, Instant now) {
        return fresh(new Work.Verify(mailbox), now);
    }
}
