package io.mailferry.planner.plan;

/** Whether a step that has no open command may be commanded now. */
sealed interface Readiness {
    record Ready() implements Readiness {}

    record NotYet(StepState.Waiting.Reason reason) implements Readiness {}

    record NotNeeded(StepState.Skipped.Reason reason) implements Readiness {}
}
