package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Makes the log entry that records a restore point. Needs no key: it counts, and keeps the exporter's signature. */
public final class RestorePointRecording {
    private RestorePointRecording() {}

    /**
     * The body for the entry after the state's newest. If another entry gets that number, it must be made anew.
     *
     * @param state with the pages of the witness's attempt as the newest
     * @param witness the attempt's end
     * @param generations of the whole log
     * @param versions of the whole mailbox, see {@link MailboxIndex}; read to the end, not closed
     */
    public static Body.RestorePointRecorded of(
            RestorePointId id, LogState state, AttemptEnd witness, Generations generations, Versions versions)
            throws IOException {
        PointInTime point = PointInTime.of(state.number() + 1, witness, state.restorePoint(), generations);
        Tally tally = new Tally(witness);
        Fold fold = new Fold(versions, point);
        for (ItemAtPoint item = fold.next(); item != null; item = fold.next()) {
            tally.add(item);
        }
        Map<FolderKey, PageId> heads = new HashMap<>();
        state.heads().forEach((folder, head) -> heads.put(folder, head.head()));
        Set<IncompleteReason> reasons = tally.incompleteBecause(state.attemptCounts(), heads);
        return new Body.RestorePointRecorded(
                id,
                tally.folders(),
                witness.carriedSkips(),
                witness.gaps(),
                reasons.isEmpty(),
                reasons.stream().map(IncompleteReason::name).sorted().toList(),
                witness);
    }
}
