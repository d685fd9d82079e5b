package io.mailferry.planner.command;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a command stands.
 *
 * <pre>
 *   Issued --> Delivered --> Running --> Succeeded | Failed | Rejected | Cancelled | Expired
 *      \____________\___________________________________^
 *             Cancelled, Expired, or Failed because the agent was silent --> Succeeded   (what happened late has happened)
 * </pre>
 *
 * Results may be repeated, late or out of order: a state only ever moves to the right, so an acceptance that arrives after
 * the success changes nothing.
 */
public sealed interface CommandState {
    Instant since();

    /** The state after a result; the very same object when the result says nothing new. */
    CommandState on(CommandResult result, Instant now);

    /** Not ended: a result may still come, and if none comes it expires on the clock. */
    sealed interface Open extends CommandState {
        @Override
        default CommandState on(CommandResult result, Instant now) {
            return switch (result) {
                case CommandResult.CommandDelivered _ -> delivered(now);
                case CommandResult.CommandAccepted _ -> heard(now);
                case CommandResult.CommandProgressed _ -> heard(now);
                case CommandResult.CommandSucceeded succeeded ->
                    new Succeeded(now, succeeded.outcome(), Optional.empty());
                case CommandResult.CommandFailed failed -> new Failed(now, failed.category(), failed.cause());
                case CommandResult.CommandRejected rejected -> new Rejected(now, rejected.cause());
                case CommandResult.CommandExpired _ -> new Expired(now);
                case CommandResult.CommandCancelled _ -> new Cancelled(now);
            };
        }

        Open delivered(Instant now);

        default Open heard(Instant now) {
            return new Running(now, now);
        }

        default Expired expire(Instant now) {
            return new Expired(now);
        }
    }

    /** Ended: the command has had its effect on the plan, and has it once. */
    sealed interface Ended extends CommandState {
        @Override
        default CommandState on(CommandResult result, Instant now) {
            return this;
        }

        /** For an end that nobody reported but the clock: a success that comes later is still one, and counts once. */
        default CommandState afterAll(CommandResult result, Instant now) {
            return result instanceof CommandResult.CommandSucceeded succeeded
                    ? new Succeeded(now, succeeded.outcome(), Optional.of(since()))
                    : this;
        }
    }

    /** Written to the outbox. */
    record Issued(Instant since) implements Open {
        @Override
        public Open delivered(Instant now) {
            return new Delivered(now);
        }
    }

    /** An agent has been given it. */
    record Delivered(Instant since) implements Open {
        @Override
        public Open delivered(Instant now) {
            return this;
        }
    }

    /** Its receiver has taken it on and last spoke of it at {@code heardAt}. */
    record Running(Instant since, Instant heardAt) implements Open {
        @Override
        public Open delivered(Instant now) {
            return this;
        }

        @Override
        public Open heard(Instant now) {
            return new Running(since, now);
        }
    }

    /** @param givenUpAt when it was given up, for a success that came after all */
    record Succeeded(Instant since, Outcome outcome, Optional<Instant> givenUpAt) implements Ended {}

    record Failed(Instant since, FailureCategory category, String cause) implements Ended {
        @Override
        public CommandState on(CommandResult result, Instant now) {
            return cause.equals(CommandResult.CommandFailed.AGENT_SILENT) ? afterAll(result, now) : this;
        }
    }

    record Rejected(Instant since, String cause) implements Ended {}

    /** Somebody took it back, and it was not done as far as is known. */
    record Cancelled(Instant since) implements Ended {
        @Override
        public CommandState on(CommandResult result, Instant now) {
            return afterAll(result, now);
        }
    }

    /** Nobody began it in time, or it went silent. */
    record Expired(Instant since) implements Ended {
        @Override
        public CommandState on(CommandResult result, Instant now) {
            return afterAll(result, now);
        }
    }
}
