package io.mailferry.exporter.attempt;

import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.upload.UploadProgress.Refusal;
import io.mailferry.exporter.transfer.Unconfirmed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the uploader: by its events, and by the log when they stay away. Every wait ends when the uploader was
 * silent for too long, refused the attempt, or the turn is to stop.
 */
final class AttemptWatch {
    private final AttemptId attempt;
    private final Unconfirmed sent;
    private final MailboxLog log;
    private final ArchiveReads reads;
    private final ExportTurn turn;
    private final Duration silenceMax;
    private final Duration logPoll;
    private LogState state;
    private @Nullable LogEntry restorePoint;

    AttemptWatch(
            AttemptId attempt,
            Unconfirmed sent,
            MailboxLog log,
            LogState state,
            ArchiveReads reads,
            ExportTurn turn,
            AttemptSettings settings) {
        this.attempt = attempt;
        this.sent = sent;
        this.log = log;
        this.state = state;
        this.reads = reads;
        this.turn = turn;
        this.silenceMax = settings.uploaderSilence();
        this.logPoll = settings.logPoll();
    }

    /**
     * Goes on from a state that was read after the attempt had opened.
     *
     * @throws AttemptFailure if another attempt has opened meanwhile
     */
    void follow(LogState newer) {
        if (!newer.openAttempt().equals(Optional.of(attempt))) {
            throw AttemptFailure.restart(Refusal.ATTEMPT_CLOSED.name());
        }
        state = newer;
    }

    void awaitOpened() {
        await(sent::isOpened, "UploaderSilentAtBegin");
    }

    /**
     * Waits until the window has room for more. Ends the open page first, since only whole pages are ever confirmed.
     */
    void awaitRoom(FolderPages pages) {
        requireAccepted();
        if (!sent.hasRoom()) {
            pages.endPage();
            await(sent::hasRoom, "UploaderSilent");
        }
    }

    /** The log entry with this attempt's restore point. */
    LogEntry awaitRestorePoint() {
        await(
                () -> {
                    if (restorePoint == null && sent.isRecorded()) {
                        lookAtLog();
                    }
                    return restorePoint != null;
                },
                "UploaderSilentAtEnd");
        return Objects.requireNonNull(restorePoint);
    }

    private void await(BooleanSupplier reached, String silence) {
        long deadline = System.nanoTime() + silenceMax.toNanos();
        while (true) {
            long seen = sent.signals();
            requireAccepted();
            if (reached.getAsBoolean()) {
                return;
            }
            try {
                sent.awaitSignal(seen, logPoll);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw AttemptFailure.stopped();
            }
            if (sent.signals() == seen) {
                lookAtLog();
            }
            if (sent.signals() != seen) {
                deadline = System.nanoTime() + silenceMax.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw AttemptFailure.passing(silence);
            }
        }
    }

    /** @throws AttemptFailure if the attempt cannot become whole any more */
    private void requireAccepted() {
        turn.check();
        if (sent.isLost()) {
            throw AttemptFailure.passing("KafkaUnavailable");
        }
        sent.refusal().ifPresent(AttemptWatch::refused);
    }

    private static void refused(Refusal reason) {
        throw switch (reason) {
            case STORE_UNAVAILABLE -> AttemptFailure.passing("StoreUnavailable");
            case ATTEMPT_CLOSED, PAGE_INCOMPLETE, DIGEST_MISMATCH, PREDECESSOR_IS_NOT_HEAD, PART_UNREADABLE ->
                AttemptFailure.restart(reason.name());
        };
    }

    /** What to throw when a part could not be sent. */
    AttemptFailure sendingFailed() {
        try {
            requireAccepted();
        } catch (AttemptFailure e) {
            return e;
        }
        return AttemptFailure.passing("KafkaUnavailable");
    }

    /** While the bucket is away there is nothing to see; how long that may last is the waiting's to decide. */
    private void lookAtLog() {
        List<LogEntry> fresh;
        try {
            fresh = reads.read(() -> log.refresh(state));
        } catch (AttemptFailure e) {
            if (e.failed().category() == FailureCategory.PERMANENT || e.reaction() != AttemptFailure.Reaction.FAIL) {
                throw e;
            }
            return;
        }
        for (LogEntry entry : fresh) {
            boolean ours = entry.attempt().equals(attempt);
            switch (entry.body()) {
                case Body.AttemptOpened _ -> {
                    if (ours) {
                        sent.opened();
                    } else if (sent.isOpened()) {
                        sent.refused(Refusal.ATTEMPT_CLOSED);
                    }
                }
                case Body.PagesStored stored -> {
                    if (ours) {
                        stored.pages().forEach(page -> sent.stored(page.end().page()));
                    }
                }
                case Body.RestorePointRecorded _ -> {
                    if (ours) {
                        restorePoint = entry;
                        sent.recorded();
                    }
                }
                case Body.AttemptClosed _ -> {
                    if (ours) {
                        sent.refused(Refusal.ATTEMPT_CLOSED);
                    }
                }
            }
        }
    }
}
