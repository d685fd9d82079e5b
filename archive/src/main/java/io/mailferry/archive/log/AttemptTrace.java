package io.mailferry.archive.log;

import io.mailferry.contracts.id.AttemptId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a log says of one attempt, however long ago and whatever others did since. A state keeps it for the one attempt
 * that is asked about, so that it needs no list of all that ever were.
 */
public final class AttemptTrace {
    private final AttemptId attempt;
    private boolean closed;
    private @Nullable LogEntry restorePoint;

    public AttemptTrace(AttemptId attempt) {
        this.attempt = attempt;
    }

    void add(LogEntry entry) {
        boolean ours = entry.attempt().equals(attempt);
        switch (entry.body()) {
            case Body.AttemptOpened opened -> closed = closed || opened.closed().contains(attempt);
            case Body.PagesStored _ -> {
                // Says nothing about whether the attempt goes on.
            }
            case Body.RestorePointRecorded _ -> {
                if (ours) {
                    closed = true;
                    restorePoint = entry;
                }
            }
            case Body.AttemptClosed _ -> closed = closed || ours;
        }
    }

    public AttemptId attempt() {
        return attempt;
    }

    /** Whether it was open once and may store nothing more. */
    public boolean isClosed() {
        return closed;
    }

    /** The entry with its restore point, if it recorded one. */
    public Optional<LogEntry> restorePoint() {
        return Optional.ofNullable(restorePoint);
    }
}
