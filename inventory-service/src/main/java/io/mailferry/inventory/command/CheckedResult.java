package io.mailferry.inventory.command;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.transition.Outcome;

/** A result whose detail is what its command's type asks for. */
public record CheckedResult(CommandId command, int attempt, ReportedResult.Word word, Meaning meaning) {
    /** What the result says. */
    sealed interface Meaning {
        record Accepted() implements Meaning {}

        record Running() implements Meaning {}

        record Succeeded(Outcome outcome) implements Meaning {}

        /** Settings that must be in the bucket before the command has succeeded. */
        record SettingsArrived(String jwe) implements Meaning {
            @Override
            public String toString() {
                return "SettingsArrived[…]";
            }
        }

        record Failed(FailureCategory category, String cause) implements Meaning {}

        record Rejected(String cause) implements Meaning {}

        record Cancelled() implements Meaning {}

        /**
         * Of a command that somebody finished, that is unknown, or of another attempt, or no success of one that was given
         * up: taken so that the agent can forget it.
         */
        record Late() implements Meaning {}
    }

    CheckedResult with(Meaning other) {
        return new CheckedResult(command, attempt, word, other);
    }
}
