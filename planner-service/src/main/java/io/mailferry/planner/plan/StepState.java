package io.mailferry.planner.plan;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.transition.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a step stands.
 *
 * <pre>
 *   Waiting --command--> Commanded --done--> Done
 *     ^  |                 |   ^  \
 *     |  skip         pause|   |command (when due, with a new command id)
 *     |  v                 v   |    \
 *     | Skipped           Pausing    fail--> Failed
 *     |____________retry (operator)____________|
 * </pre>
 *
 * A step without need is skipped from wherever it is as long as no command of it is open, and waits again when the need
 * comes back. Every wait ends: a pause when it is due, a command by its result or its expiry, a failure by an operator.
 */
sealed interface StepState {
    Instant since();

    /** Commands of this step so far, since an operator last asked for a retry. */
    int attempts();

    /** Not begun, because of something that is still missing. */
    record Waiting(Instant since, Reason reason) implements StepState {
        enum Reason {
            STEP_BEFORE,
            /** An operator has to connect the server. */
            ENDPOINT,
            /** The agent counts more mailboxes than are known, or none. */
            MAILBOXES,
            /** As many of its kind are under way as may be. */
            TURN,
            /** Nobody knows the server's build, so nothing that depends on it is begun. */
            BUILD,
            /** The EWS full is not verified yet, and until then the MAPI set is the backup. */
            VERIFICATION,
            /** The set's public folders are in no EWS backup, so the MAPI set is kept with its retention frozen. */
            PUBLIC_FOLDERS
        }

        @Override
        public int attempts() {
            return 0;
        }

        Commanded command(CommandId command, Instant now) {
            return new Commanded(now, 1, command);
        }

        /** Keeps the moment the waiting began while its reason stays. */
        Waiting because(Reason newReason, Instant now) {
            return reason == newReason ? this : new Waiting(now, newReason);
        }
    }

    record Commanded(Instant since, int attempts, CommandId command) implements StepState {
        Done done(Outcome outcome, Instant now) {
            return new Done(now, attempts, outcome);
        }

        Pausing pause(Duration pause, FailureCategory category, String word, Optional<Outcome> notEnough, Instant now) {
            return new Pausing(now, attempts, now.plus(pause), category, word, notEnough);
        }

        Failed fail(FailureCategory category, String word, Optional<Outcome> notEnough, Instant now) {
            return new Failed(now, attempts, category, word, notEnough);
        }
    }

    /**
     * The last attempt failed in a way that may pass.
     *
     * @param notEnough what the command brought about, where that was not good enough
     */
    record Pausing(
            Instant since,
            int attempts,
            Instant due,
            FailureCategory category,
            String word,
            Optional<Outcome> notEnough)
            implements StepState {
        boolean isDue(Instant now) {
            return !now.isBefore(due);
        }

        Commanded command(CommandId command, Instant now) {
            return new Commanded(now, attempts + 1, command);
        }

        /** A success that came late is one. */
        Done done(Outcome outcome, Instant now) {
            return new Done(now, attempts, outcome);
        }
    }

    record Done(Instant since, int attempts, Outcome outcome) implements StepState {
        /** For a step whose result turned out not to be good enough later. */
        Waiting again(Instant now) {
            return new Waiting(now, Waiting.Reason.STEP_BEFORE);
        }
    }

    /** Not needed. */
    record Skipped(Instant since, Reason reason) implements StepState {
        enum Reason {
            AGENT_IS_NEW_ENOUGH,
            RETENTION_IS_OFF,
            SCHEDULE_IS_OFF,
            /** Nothing runs any more that retention could follow, so the schedule is disabled instead. */
            MAPI_IS_BROKEN
        }

        @Override
        public int attempts() {
            return 0;
        }

        Waiting needed(Instant now) {
            return new Waiting(now, Waiting.Reason.STEP_BEFORE);
        }
    }

    /**
     * Given up until an operator looks.
     *
     * @param notEnough what the command brought about, where that was not good enough
     */
    record Failed(Instant since, int attempts, FailureCategory category, String word, Optional<Outcome> notEnough)
            implements StepState {
        Waiting retry(Instant now) {
            return new Waiting(now, Waiting.Reason.STEP_BEFORE);
        }

        /** A success that came late is one. */
        Done done(Outcome outcome, Instant now) {
            return new Done(now, attempts, outcome);
        }
    }
}
