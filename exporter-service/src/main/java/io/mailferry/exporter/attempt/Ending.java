package io.mailferry.exporter.attempt;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.transition.Outcome;
import java.time.Duration;

/** How a turn with a mailbox ended. */
public sealed interface Ending {
    /** The restore point is recorded. */
    record Finished(Outcome.ExportFinished outcome) implements Ending {}

    /**
     * @param cause a word: ours, or the response code of Exchange
     * @param backOff how long the server wants to be left alone; zero if it did not say
     */
    record Failed(FailureCategory category, String cause, Duration backOff) implements Ending {}

    /** It was asked to stop, or the lease went to another: nothing is to be told. */
    record Stopped() implements Ending {}
}
