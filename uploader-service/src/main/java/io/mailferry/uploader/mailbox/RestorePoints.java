package io.mailferry.uploader.mailbox;

import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderState;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.restorepoint.LoggedIndex;
import io.mailferry.archive.restorepoint.MailboxIndex;
import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.restorepoint.RestorePointRecording;
import io.mailferry.archive.restorepoint.Scratch;
import io.mailferry.archive.restorepoint.Versions;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.upload.UploadProgress;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Records the restore point that an attempt's end asks for, counted from the index alone. */
final class RestorePoints {
    private static final Logger LOG = Logger.getLogger(RestorePoints.class);

    private final MailboxPlace place;
    private final MailboxParts shared;

    RestorePoints(MailboxPlace place, MailboxParts shared) {
        this.place = place;
        this.shared = shared;
    }

    /**
     * Tries once; afterwards the log has it, or has moved on and must be looked at again. Waits for its turn: what is
     * counted needs heap for the whole index's list, which grows with the log.
     */
    void record(LogBook log, AttemptId attempt, AttemptEnd end) throws IOException, InterruptedException {
        shared.counting().acquire();
        try {
            count(log, attempt, end);
        } finally {
            shared.counting().release();
        }
    }

    private void count(LogBook log, AttemptId attempt, AttemptEnd end) throws IOException, InterruptedException {
        LoggedIndex logged = log.index();
        if (!log.isOpen(attempt)) {
            return;
        }
        ReadLimits limits = shared.countingLimits();
        MailboxIndex index = new MailboxIndex(shared.store().store(), place, limits);
        Body body = shared.store().patiently(() -> {
            try (Scratch scratch = new Scratch(limits.scratch(), limits.scratchBytesMax());
                    Versions versions = index.open(logged.segments(), scratch)) {
                return RestorePointRecording.of(
                        RestorePointId.random(), log.state(), end, logged.generations(), versions);
            }
        });
        if (log.append(attempt, body) instanceof Append.Appended appended
                && appended.entry().body() instanceof Body.RestorePointRecorded recorded) {
            shared.count("restore.points", "complete", Boolean.toString(recorded.complete()));
            LOG.infof(
                    "Restore point recorded: mailboxId=%s attempt=%s restorePoint=%s complete=%s because=%s",
                    place.mailbox(), attempt, recorded.id(), recorded.complete(), recorded.incompleteBecause());
        }
    }

    /** Tells of a restore point, new or recorded before. */
    void tell(LogEntry entry) {
        if (entry.body() instanceof Body.RestorePointRecorded recorded) {
            shared.progress()
                    .send(new UploadProgress.RestorePointRecorded(
                            place.tenant(),
                            place.mailbox(),
                            entry.attempt(),
                            recorded.id(),
                            entry.number(),
                            recorded.complete(),
                            recorded.folders().stream()
                                    .mapToLong(FolderState::live)
                                    .sum(),
                            recorded.skipped().size(),
                            recorded.folders().stream()
                                    .mapToLong(FolderState::sealedBytes)
                                    .sum()));
        }
    }
}
