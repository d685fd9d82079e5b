package io.mailferry.planner.plan;

/** One step of a plan. */
record Step(Work work, StepState state) {
    Step in(StepState newState) {
        return new Step(work, newState);
    }

    String key() {
        return work.key();
    }

    boolean isSettled() {
        return switch (state) {
            case StepState.Done _, StepState.Skipped _ -> true;
            case StepState.Waiting _, StepState.Commanded _, StepState.Pausing _, StepState.Failed _ -> false;
        };
    }

    /** Whether anything was ever commanded for it. */
    boolean isBegun() {
        return state.attempts() > 0;
    }
}
