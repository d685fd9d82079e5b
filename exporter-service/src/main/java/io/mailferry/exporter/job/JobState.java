package io.mailferry.exporter.job;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands.
 *
 * <pre>
 *   Waiting --lease--> Running --> Succeeded
 *      ^  |               |  |
 *      |  +--> Expired    |  +--> Failed
 *      +--- given back ---+
 * </pre>
 *
 * A lease that runs out leaves the job Running until another worker takes it over.
 */
sealed interface JobState {
    /** @param after the failure that the last turn ended with, which may pass; null if none did */
    record Waiting(Instant notBefore, @Nullable Setback after) implements JobState {}

    /** @param after the failure of the turn before, until this one has stored something */
    record Running(UUID lease, Instant until, @Nullable Setback after) implements JobState {}

    record Succeeded(ExportFinished outcome, Instant at) implements JobState {}

    /**
     * A failure after which the job goes on.
     *
     * @param cause a word
     */
    record Setback(FailureCategory category, String cause) {}

    /** @param cause a word */
    record Failed(FailureCategory category, String cause, Instant at) implements JobState {}

    /** It was not begun in time. */
    record Expired(Instant at) implements JobState {}
}
