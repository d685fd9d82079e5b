package io.mailferry.exporter.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as operators see it.
 *
 * @param state {@code waiting}, {@code running}, {@code succeeded}, {@code failed} or {@code expired}
 * @param items items that the archive has or is about to have; {@code expectedItems} what Exchange counts, 0 while
 *     unknown
 * @param bytes of content that were read for this job, as Exchange gave them
 * @param skipped items that could not be read so far
 * @param nextTryAt of a job that waits: before then nobody begins its next turn
 * @param category of a failure, {@code cause} its word; of a job that waits or runs, what its last turn failed with, gone as
 *     soon as something is stored again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobView(
        JobId jobId,
        CommandId commandId,
        ServerId serverId,
        MailboxId mailboxId,
        String state,
        long items,
        long bytes,
        long expectedItems,
        long skipped,
        int turns,
        Instant requestedAt,
        @Nullable Instant nextTryAt,
        @Nullable Instant finishedAt,
        @Nullable RestorePointId restorePoint,
        @Nullable Boolean complete,
        @Nullable String category,
        @Nullable String cause) {

    static JobView of(Job job) {
        return switch (job.state()) {
            case JobState.Waiting waiting -> unfinished(job, "waiting", waiting.notBefore(), waiting.after());
            case JobState.Running running -> unfinished(job, "running", null, running.after());
            case JobState.Succeeded done ->
                of(
                        job,
                        "succeeded",
                        null,
                        done.at(),
                        done.outcome().restorePoint(),
                        done.outcome().complete(),
                        null,
                        null);
            case JobState.Failed failed ->
                of(
                        job,
                        "failed",
                        null,
                        failed.at(),
                        null,
                        null,
                        failed.category().name(),
                        failed.cause());
            case JobState.Expired expired -> of(job, "expired", null, expired.at(), null, null, null, null);
        };
    }

    private static JobView unfinished(
            Job job, String state, @Nullable Instant nextTryAt, JobState.@Nullable Setback after) {
        return of(
                job,
                state,
                nextTryAt,
                null,
                null,
                null,
                after == null ? null : after.category().name(),
                after == null ? null : after.cause());
    }

    private static JobView of(
            Job job,
            String state,
            @Nullable Instant nextTryAt,
            @Nullable Instant finishedAt,
            @Nullable RestorePointId restorePoint,
            @Nullable Boolean complete,
            @Nullable String category,
            @Nullable String cause) {
        Job.Progress progress = job.progress();
        return new JobView(
                job.job(),
                job.command(),
                job.mailbox().server(),
                job.mailbox().mailbox(),
                state,
                progress.items(),
                progress.bytes(),
                progress.expectedItems(),
                progress.skipped(),
                job.turns(),
                job.requestedAt(),
                nextTryAt,
                finishedAt,
                restorePoint,
                complete,
                category,
                cause);
    }
}
