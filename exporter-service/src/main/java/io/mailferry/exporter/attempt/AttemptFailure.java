package io.mailferry.exporter.attempt;

import io.mailferry.archive.store.StoreFailure;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.exchange.failure.ExchangeFailure;
import java.time.Duration;

/** Ends an attempt from wherever it stands. Carries words only, so that it may be logged. */
final class AttemptFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is to be done about it. */
    enum Reaction {
        /** The turn ends with this failure. */
        FAIL,
        /** The log is ahead, or the uploader lost parts: begin again from the log. */
        RESTART,
        /** The turn ends without a word. */
        STOP
    }

    private final Reaction reaction;
    private final transient Ending.Failed failed;

    private AttemptFailure(Reaction reaction, Ending.Failed failed) {
        super(failed.category() + " " + failed.cause());
        this.reaction = reaction;
        this.failed = failed;
    }

    /** May be gone with the next turn. */
    static AttemptFailure passing(String cause) {
        return failing(FailureCategory.TRANSIENT, cause);
    }

    /** Stays until somebody does something about it. */
    static AttemptFailure lasting(String cause) {
        return failing(FailureCategory.PERMANENT, cause);
    }

    static AttemptFailure of(StoreFailure failure) {
        return failing(failure.category(), "Store_" + failure.word().replaceAll("[^A-Za-z0-9]", ""));
    }

    private static AttemptFailure failing(FailureCategory category, String cause) {
        return new AttemptFailure(Reaction.FAIL, new Ending.Failed(category, cause, Duration.ZERO));
    }

    static AttemptFailure of(ExchangeFailure failure) {
        if (failure.code().equals("Interrupted")) {
            return stopped();
        }
        Duration backOff = failure.backOff();
        // Damage of one item has its own way; whatever arrives here with it concerns more than the item.
        FailureCategory category = switch (failure.category()) {
            case TRANSIENT, POISON -> FailureCategory.TRANSIENT;
            case THROTTLED -> FailureCategory.THROTTLED;
            case PERMANENT -> FailureCategory.PERMANENT;
        };
        return new AttemptFailure(
                Reaction.FAIL, new Ending.Failed(category, failure.code(), backOff == null ? Duration.ZERO : backOff));
    }

    static AttemptFailure restart(String cause) {
        return new AttemptFailure(Reaction.RESTART, new Ending.Failed(FailureCategory.TRANSIENT, cause, Duration.ZERO));
    }

    static AttemptFailure stopped() {
        return new AttemptFailure(
                Reaction.STOP, new Ending.Failed(FailureCategory.TRANSIENT, "Stopped", Duration.ZERO));
    }

    Reaction reaction() {
        return reaction;
    }

    Ending.Failed failed() {
        return failed;
    }
}
