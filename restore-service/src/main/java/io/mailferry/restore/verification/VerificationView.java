package io.mailferry.restore.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailferry.archive.restorepoint.Finding;
import io.mailferry.archive.restorepoint.FoundDamage;
import io.mailferry.archive.restorepoint.IncompleteReason;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job as its caller sees it. Counts that are not known yet are 0; fields of states that are not reached are absent.
 *
 * @param state queued, running, proven, damaged or failed
 * @param items verified
 * @param bytes of their content
 * @param skipped items that could not be read from Exchange
 * @param damaged how many damages; the first of them are in {@code damages}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VerificationView(
        JobId jobId,
        TenantId tenant,
        MailboxId mailboxId,
        @Nullable RestorePointId restorePoint,
        String state,
        int attempts,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        long items,
        long bytes,
        long expectedItems,
        long skipped,
        long damaged,
        @Nullable Boolean complete,
        @Nullable Set<IncompleteReason> incompleteBecause,
        @Nullable Map<SkipCause, Long> skippedBecause,
        @Nullable List<DamageView> damages,
        @Nullable FailureCategory category,
        @Nullable FailureCause cause) {

    /** One damage, named by the object in the bucket and, where it is one, the item's key. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DamageView(String object, @Nullable String item, String cause) {}

    static VerificationView of(Verification job) {
        return switch (job.state()) {
            case VerificationState.Queued _ -> unfinished(job, "queued", 0, 0, 0);
            case VerificationState.Running running ->
                unfinished(job, "running", running.items(), running.bytes(), running.expectedItems());
            case VerificationState.Proven proven -> found(job, "proven", proven.finding(), proven.finishedAt());
            case VerificationState.Damaged damaged -> found(job, "damaged", damaged.finding(), damaged.finishedAt());
            case VerificationState.Failed failed ->
                new VerificationView(
                        job.job(),
                        job.tenant(),
                        job.mailbox(),
                        job.wanted().orElse(null),
                        "failed",
                        job.attempts(),
                        job.requestedAt(),
                        failed.finishedAt(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        null,
                        null,
                        null,
                        null,
                        failed.category(),
                        failed.cause());
        };
    }

    private static VerificationView unfinished(
            Verification job, String state, long items, long bytes, long expectedItems) {
        return new VerificationView(
                job.job(),
                job.tenant(),
                job.mailbox(),
                job.wanted().orElse(null),
                state,
                job.attempts(),
                job.requestedAt(),
                null,
                items,
                bytes,
                expectedItems,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static VerificationView found(Verification job, String state, Finding finding, Instant finishedAt) {
        return new VerificationView(
                job.job(),
                job.tenant(),
                job.mailbox(),
                finding.restorePoint(),
                state,
                job.attempts(),
                job.requestedAt(),
                finishedAt,
                finding.items(),
                finding.bytes(),
                finding.items(),
                finding.skippedItems(),
                finding.damaged(),
                finding.complete(),
                finding.incompleteBecause(),
                finding.skipped(),
                finding.named().stream().map(VerificationView::view).toList(),
                null,
                null);
    }

    private static DamageView view(FoundDamage damage) {
        return new DamageView(
                damage.object(),
                damage.item().map(Object::toString).orElse(null),
                damage.cause().name());
    }
}
