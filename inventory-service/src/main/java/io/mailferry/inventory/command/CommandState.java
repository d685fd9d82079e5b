package io.mailferry.inventory.command;

import io.mailferry.contracts.exchange.FailureCategory;

/**
 * Where a command for an agent stands.
 *
 * <pre>
 * Queued -> Delivered -> Accepted -> Running -> Succeeded | Failed | Rejected | Cancelled | Lost
 *    \----------\-> Expired | Cancelled (the agent may report any later state at once; what has begun never expires,
 *                                       but is lost when the agent is not heard of for too long, and is cancelled by
 *                                       the agent's own word only)
 *  Accepted | Running -> Queued        (another attempt: the agent lives and has forgotten it)
 * Expired | Cancelled | Lost -> Succeeded  (a success that is told late: it has happened, whatever was thought)
 * </pre>
 */
sealed interface CommandState {
    /** The word in the database and in metrics. */
    String word();

    /** Not begun yet: delivered with every answer until the agent says otherwise. */
    sealed interface Waiting extends Open {
        default Expired expire() {
            return new Expired();
        }

        default Accepted accept() {
            return new Accepted();
        }
    }

    /** Begun by the agent. */
    sealed interface Begun extends Open {
        default Lost lose() {
            return new Lost();
        }

        /** For another attempt. */
        default Queued again() {
            return new Queued();
        }
    }

    /** Not finished. */
    sealed interface Open extends CommandState {
        default Running run(int percent) {
            return new Running(percent);
        }

        default Succeeded succeed() {
            return new Succeeded();
        }

        default Failed fail(FailureCategory category, String cause) {
            return new Failed(category, cause);
        }

        default Rejected reject(String cause) {
            return new Rejected(cause);
        }

        default Cancelled cancel() {
            return new Cancelled();
        }
    }

    sealed interface Finished extends CommandState {}

    /** Ended without the agent's word, or before it can have heard of that, so that a success may still be told of it. */
    sealed interface GivenUp extends Finished {
        default Succeeded succeedLate() {
            return new Succeeded();
        }
    }

    record Queued() implements Waiting {
        Delivered deliver() {
            return new Delivered();
        }

        @Override
        public String word() {
            return "QUEUED";
        }
    }

    record Delivered() implements Waiting {
        @Override
        public String word() {
            return "DELIVERED";
        }
    }

    record Accepted() implements Begun {
        @Override
        public String word() {
            return "ACCEPTED";
        }
    }

    record Running(int percent) implements Begun {
        @Override
        public String word() {
            return "RUNNING";
        }
    }

    record Succeeded() implements Finished {
        @Override
        public String word() {
            return "SUCCEEDED";
        }
    }

    record Failed(FailureCategory category, String cause) implements Finished {
        @Override
        public String word() {
            return "FAILED";
        }
    }

    record Rejected(String cause) implements Finished {
        @Override
        public String word() {
            return "REJECTED";
        }
    }

    record Cancelled() implements GivenUp {
        @Override
        public String word() {
            return "CANCELLED";
        }
    }

    record Expired() implements GivenUp {
        @Override
        public String word() {
            return "EXPIRED";
        }
    }

    /** Begun, and the agent not heard of since. Kept as a failure with a cause of its own. */
    record Lost() implements GivenUp {
        @Override
        public String word() {
            return "FAILED";
        }
    }
}
