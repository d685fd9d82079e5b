package io.mailferry.restore.verification;

import io.mailferry.archive.restorepoint.Finding;
import io.mailferry.contracts.exchange.FailureCategory;
import java.time.Instant;
import java.util.UUID;

/**
 * Where a job stands.
 *
 * <pre>
 *            taken                  finding without damage
 *   Queued ---------&gt; Running ------------------------------&gt; Proven
 *     ^                  |  |------- finding with damage -----&gt; Damaged
 *     |  handed back,    |  |------- permanent failure -------&gt; Failed
 *     +--transient-------+
 * </pre>
 *
 * A running job whose lease is over may be taken by another worker; whatever the former one then says is ignored.
 */
sealed interface VerificationState {
    record Queued(Instant notBefore) implements VerificationState {}

    /**
     * @param holder random for each time the job is taken
     * @param items verified so far, in this attempt
     * @param expectedItems live items that the restore point says it has; 0 until it is found
     */
    record Running(UUID holder, Instant leaseUntil, long items, long bytes, long expectedItems)
            implements VerificationState {}

    record Proven(Finding finding, Instant finishedAt) implements VerificationState {}

    record Damaged(Finding finding, Instant finishedAt) implements VerificationState {}

    record Failed(FailureCategory category, FailureCause cause, Instant finishedAt) implements VerificationState {}
}
