package io.mailferry.planner.plan;

import io.mailferry.planner.risk.Risk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
        if (plan.steps().stream().allMatch(Step::isSettled)) {
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
        return questions;
    }

    private static String remedy(Step step, StepState.Failed failed) {
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
