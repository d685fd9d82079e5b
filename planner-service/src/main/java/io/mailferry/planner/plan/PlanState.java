package io.mailferry.planner.plan;

import java.time.Instant;
import java.util.List;

/**
 * Where a plan stands, as follows from its steps.
 *
 * <pre>
 *   Running <--> WaitingForEndpoint <--> Asking        any of them --> Done | Withdrawn
 * </pre>
 */
sealed interface PlanState {
    Instant since();

    /** At most one plan of a set is active. */
    sealed interface Active extends PlanState {}

    sealed interface Ended extends PlanState {}

    record Running(Instant since) implements Active {}

    /** Exports wait for an operator to connect the server. */
    record WaitingForEndpoint(Instant since) implements Active {}

    /** Something needs an operator; what does not goes on. */
    record Asking(Instant since, List<Question> questions) implements Active {
        public Asking {
            questions = List.copyOf(questions);
        }
    }

    record Done(Instant since) implements Ended {}

    /** The set needs no transition any more, and nothing had been begun. */
    record Withdrawn(Instant since) implements Ended {}

    /**
     * @param step the key of the step it is about
     * @param word what is wrong, such as {@code RESTORE_POINT_DAMAGED}
     * @param remedy what an operator can do
     */
    record Question(String step, String word, String remedy) {}
}
