package io.mailferry.planner.plan;

import io.mailferry.contracts.transition.Outcome;
import io.mailferry.planner.risk.Risk;
import io.mailferry.planner.risk.Uncovered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The state of a plan as follows from its steps and what is known. */
final class Standing {
    private final Situation situation;
    private final Instant now;

    Standing(Situation situation, Instant now) {
        this.situation = situation;
        this.now = now;
    }

    /** Keeps the moment a state began while it stays. */
    PlanState of(Plan plan) {
        if (plan.steps().stream().allMatch(Step::isSettled)
                && situation.uncovered().isEmpty()) {
            return new PlanState.Done(now);
        }
        List<PlanState.Question> questions = questions(plan);
        if (!questions.isEmpty()) {
            Instant since = plan.state() instanceof PlanState.Asking asking ? asking.since() : now;
            return new PlanState.Asking(since, questions);
        }
        boolean waitsForEndpoint = plan.steps().stream()
                .anyMatch(step -> step.state() instanceof StepState.Waiting waiting
                        && waiting.reason() == StepState.Waiting.Reason.ENDPOINT);
        if (waitsForEndpoint) {
            return plan.state() instanceof PlanState.WaitingForEndpoint same
                    ? same
                    : new PlanState.WaitingForEndpoint(now);
        }
        return plan.state() instanceof PlanState.Running same ? same : new PlanState.Running(now);
    }

    private List<PlanState.Question> questions(Plan plan) {
        List<PlanState.Question> questions = new ArrayList<>();
        for (Step step : plan.steps()) {
            if (step.state() instanceof StepState.Failed failed) {
                questions.add(new PlanState.Question(step.key(), failed.word(), remedy(step, failed)));
            }
        }
        if (situation.risk() == Risk.UNKNOWN) {
            questions.add(new PlanState.Question(
                    new Work.FreezeRetention().key(),
                    "RISK_IS_UNKNOWN",
                    "See the verdict for what is missing; the MAPI set is left as it is until then."));
        }
        if (situation.mailboxesAnnounced() == 0) {
            questions.add(new PlanState.Question(
                    new Work.CreateEwsSet().key(),
                    "SET_HAS_NO_MAILBOXES",
                    "See at the agent which mailboxes the set is for."));
        }
        if (plan.steps().stream().allMatch(step -> step.isSettled() || waitsForPublicFolders(step))) {
            situation.uncovered().forEach(part -> questions.add(question(part)));
        }
        return questions;
    }

    private static boolean waitsForPublicFolders(Step step) {
        return switch (step.state()) {
            case StepState.Waiting waiting -> waiting.reason() == StepState.Waiting.Reason.PUBLIC_FOLDERS;
            // Its first command failed before the folders were known; the next one is held back like a first one.
            case StepState.Pausing _ -> step.work() instanceof Work.DisableSchedule;
            case StepState.Commanded _, StepState.Done _, StepState.Skipped _, StepState.Failed _ -> false;
        };
    }

    private static PlanState.Question question(Uncovered part) {
        return new PlanState.Question(
                new Work.DisableSchedule().key(),
                part.part().name() + "_UNCOVERED",
                "No export reads the " + part.items()
                        + " items of these by EWS, so the set is not carried over whole and what MAPI holds of them is kept."
                        + " Back them up in another way, then take them out of the set at the agent.");
    }

    private static String counts(Outcome outcome) {
        return switch (outcome) {
            case Outcome.ExportFinished finished -> {
                long skipped = finished.skipped().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                yield skipped + " items could not be read, " + finished.items() + " could, by cause: "
                        + new TreeMap<>(finished.skipped()) + ". ";
            }
            case Outcome.RestorePointProven proven ->
                proven.skipped() + " items could not be read, " + proven.items() + " could. ";
            case Outcome.SettingsEscrowed _,
                    Outcome.AgentVersionReached _,
                    Outcome.EwsSetCreated _,
                    Outcome.RetentionFrozen _,
                    Outcome.ScheduleDisabled _,
                    Outcome.BackupSetDeleted _ -> "";
        };
    }

    private static String remedy(Step step, StepState.Failed failed) {
        if (failed.word().equals(Conclusion.TOO_MANY_SKIPPED)) {
            return failed.notEnough().map(Standing::counts).orElse("")
                    + "See their causes and mend them in Exchange, or allow more by mailferry.planner.plans.skipped-percent"
                    + " and skipped-items; then retry this step.";
        }
        if (step.work() instanceof Work.Verify && Conclusion.blamesTheRestorePoint(failed.word())) {
            return "See what verification found, then retry this step: it exports the mailbox anew and verifies that.";
        }
        return switch (step.work()) {
            case Work.Export _, Work.Verify _ -> "See the command for its cause, remove it, then retry this step.";
            case Work.EscrowSettings _,
                    Work.FreezeRetention _,
                    Work.UpgradeAgent _,
                    Work.CreateEwsSet _,
                    Work.DisableSchedule _ ->
                "See that the agent is running and reaches Mailferry, then retry this step.";
        };
    }
}
