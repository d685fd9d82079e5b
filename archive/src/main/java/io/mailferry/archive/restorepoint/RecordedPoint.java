package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.log.AttemptCounts;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.contracts.id.PageId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A restore point as the log has it, with what lies before it.
 *
 * @param before the restore point before it
 * @param segments of all entries before it
 * @param heads each folder's last page before it
 * @param counts what the pages of its attempt add up to
 * @param generations of the whole log
 */
record RecordedPoint(
        LogEntry entry,
        Body.RestorePointRecorded body,
        Optional<LogEntry> before,
        List<LoggedSegment> segments,
        Map<FolderKey, PageId> heads,
        Map<FolderKey, AttemptCounts> counts,
        Generations generations) {
    RecordedPoint {
        segments = List.copyOf(segments);
        heads = Map.copyOf(heads);
        counts = Map.copyOf(counts);
    }
}
