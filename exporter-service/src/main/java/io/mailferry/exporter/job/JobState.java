package io.mailferry.exporter.job;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import java.time.Instant;
import java.util.UUID;

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
    record Waiting(Instant notBefore) implements JobState {}

    record Running(UUID lease, Instant until) implements JobState {}

    record Succeeded(ExportFinished outcome, Instant at) implements JobState {}

    /** @param cause a word */
    record Failed(FailureCategory category, String cause, Instant at) implements JobState {}

    /** It was not begun in time. */
    record Expired(Instant at) implements JobState {}
}
