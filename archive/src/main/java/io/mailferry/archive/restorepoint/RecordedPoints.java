package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.log.AttemptCounts;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.log.StoredPage;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows a log as it is read and keeps the restore point that is wanted, or the newest. */
final class RecordedPoints implements MailboxLog.Visitor {
    private final Optional<RestorePointId> wanted;
    private final LoggedIndex index = new LoggedIndex();
    private final Map<FolderKey, PageId> heads = new HashMap<>();
    private final Map<FolderKey, AttemptCounts> counts = new HashMap<>();
    private @Nullable LogEntry before;
    private @Nullable RecordedPoint found;
    private long lastNumber;

    /** @param wanted empty for the newest */
    RecordedPoints(Optional<RestorePointId> wanted) {
        this.wanted = wanted;
    }

    @Override
    public void entry(LogEntry entry) {
        lastNumber = entry.number();
        index.entry(entry);
        switch (entry.body()) {
            case Body.AttemptOpened _ -> counts.clear();
            case Body.PagesStored stored -> stored.pages().forEach(this::page);
            case Body.RestorePointRecorded recorded -> restorePoint(entry, recorded);
            case Body.AttemptClosed _ -> {
                // Says nothing about what is stored.
            }
        }
    }

    private void page(StoredPage page) {
        heads.put(page.end().folder(), page.end().page());
        AttemptCounts more = new AttemptCounts(
                page.end().items(),
                page.end().updates(),
                page.end().deletions(),
                page.end().readFlags(),
                page.end().skips());
        counts.merge(page.end().folder(), more, RecordedPoints::sum);
    }

    private void restorePoint(LogEntry entry, Body.RestorePointRecorded recorded) {
        if (wanted.isEmpty() || wanted.get().equals(recorded.id())) {
            found = new RecordedPoint(
                    entry, recorded, Optional.ofNullable(before), index.segments(), heads, counts, index.generations());
        }
        before = entry;
    }

    private static AttemptCounts sum(AttemptCounts one, AttemptCounts other) {
        return new AttemptCounts(
                one.items() + other.items(),
                one.updates() + other.updates(),
                one.deletions() + other.deletions(),
                one.readFlags() + other.readFlags(),
                one.skips() + other.skips());
    }

    Optional<RecordedPoint> found() {
        return Optional.ofNullable(found);
    }

    /** Number of the last entry that was sound. */
    long lastNumber() {
        return lastNumber;
    }
}
