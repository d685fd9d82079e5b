package io.mailferry.inventory.command;

import io.mailferry.contracts.exchange.FailureCategory;

/**
 * Where a command for an agent stands.
 *
 * <pre>
 * Queued -> Delivered -> Accepted -> Running -> Succeeded | Failed | Rejected | Lost
 *    \----------\-> Expired            (the agent may report any later state at once; what has begun never expires,
 *                                       but is lost when the agent is not heard of for too long)
 * Expired | Lost -> Succeeded          (a success that is told late: it has happened, whatever the clock said)
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
    }

    sealed interface Finished extends CommandState {}

    /** Ended by the clock and by nobody's word, so that a success may still be told of it. */
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
