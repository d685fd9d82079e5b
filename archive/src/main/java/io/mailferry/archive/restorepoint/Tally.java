package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.log.AttemptCounts;
import io.mailferry.archive.log.FolderState;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.id.PageId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts what a fold yields and compares the three witnesses: what is stored, what the exporter counted, and what
 * Exchange said of each folder before and after. Memory grows with folders and skipped items only.
 */
final class Tally {
    private static final AttemptCounts NOTHING = new AttemptCounts(0, 0, 0, 0, 0);

    private final AttemptEnd witness;
    private final Set<ItemKey> listedSkips;
    private final Map<FolderKey, Counts> folders = new TreeMap<>();
    private long unlistedSkips;

    Tally(AttemptEnd witness) {
        this.witness = witness;
        this.listedSkips =
                witness.carriedSkips().stream().map(CarriedSkip::item).collect(Collectors.toUnmodifiableSet());
        witness.folders().forEach(folder -> folders.put(folder.folder(), new Counts()));
    }

    void add(ItemAtPoint item) {
        switch (item) {
            case ItemAtPoint.Live live -> {
                Counts counts = of(live.version().entry().folder());
                counts.live++;
                counts.pendingDeletions += live.pendingDeletion() ? 1 : 0;
                counts.sealedBytes += live.version().entry().sealedBytes();
            }
            case ItemAtPoint.OnlySkipped skipped -> {
                of(skipped.version().entry().folder()).onlySkipped++;
                unlistedSkips += listedSkips.contains(skipped.version().entry().item()) ? 0 : 1;
            }
            case ItemAtPoint.Folder _ -> {
                // Folders are described, not counted: the witness names those that are there.
            }
        }
    }

    long live() {
        return folders.values().stream().mapToLong(counts -> counts.live).sum();
    }

    /** Every folder that the exporter names or that has live items, by key. */
    List<FolderState> folders() {
        Map<FolderKey, FolderWitness> witnessed = witness.folders().stream()
                .collect(Collectors.toMap(FolderWitness::folder, folder -> folder, (first, second) -> second));
        Map<FolderKey, Long> skips = witness.carriedSkips().stream()
                .collect(Collectors.groupingBy(CarriedSkip::folder, Collectors.counting()));
        return folders.entrySet().stream()
                .map(entry -> {
                    FolderWitness seen = witnessed.get(entry.getKey());
                    Counts counts = entry.getValue();
                    return new FolderState(
                            entry.getKey(),
                            counts.live,
                            counts.pendingDeletions,
                            counts.sealedBytes,
                            seen == null ? -1 : seen.totalBefore(),
                            seen == null ? -1 : seen.totalAfter(),
                            skips.getOrDefault(entry.getKey(), 0L));
                })
                .toList();
    }

    /**
     * Why the restore point lacks something; empty if it is complete.
     *
     * @param recorded what the pages of the witness's attempt add up to, by folder
     * @param heads each folder's last recorded page
     */
    Set<IncompleteReason> incompleteBecause(Map<FolderKey, AttemptCounts> recorded, Map<FolderKey, PageId> heads) {
        Set<IncompleteReason> reasons = EnumSet.noneOf(IncompleteReason.class);
        for (FolderWitness seen : witness.folders()) {
            if (!of(seen.folder()).explain(seen)) {
                reasons.add(IncompleteReason.FOLDER_COUNT_DIFFERS);
            }
            if (!counted(seen).equals(recorded.getOrDefault(seen.folder(), NOTHING))) {
                reasons.add(IncompleteReason.ATTEMPT_COUNT_DIFFERS);
            }
            if (seen.head() == null
                    ? heads.containsKey(seen.folder())
                    : !seen.head().equals(heads.get(seen.folder()))) {
                reasons.add(IncompleteReason.HEAD_DIFFERS);
            }
        }
        if (witness.gaps().contains(CoverageGap.FOLDER_FORBIDDEN.name())) {
            reasons.add(IncompleteReason.FOLDER_NOT_READ);
        }
        if (unlistedSkips > 0) {
            reasons.add(IncompleteReason.SKIP_NOT_LISTED);
        }
        return reasons;
    }

    private Counts of(FolderKey folder) {
        return folders.computeIfAbsent(folder, _ -> new Counts());
    }

    private static AttemptCounts counted(FolderWitness seen) {
        return new AttemptCounts(seen.items(), seen.updates(), seen.deletions(), seen.readFlags(), seen.skips());
    }

    private static final class Counts {
        private long live;
        private long pendingDeletions;
        private long sealedBytes;
        private long onlySkipped;

        /** Mail that comes and goes during the sync may or may not be in it, so anything between both totals is right. */
        boolean explain(FolderWitness seen) {
            if (seen.totalBefore() < 0 || seen.totalAfter() < 0) {
                return true;
            }
            long there = live - pendingDeletions + onlySkipped;
            return there >= Math.min(seen.totalBefore(), seen.totalAfter())
                    && there <= Math.max(seen.totalBefore(), seen.totalAfter());
        }
    }
}
