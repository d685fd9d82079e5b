package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.contracts.exchange.CoverageGap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From where the versions are looked at: a restore point, or the end of the log where one is about to be recorded.
 *
 * @param number log number of the restore point; only versions below it count
 * @param previous log number of the restore point before it, 0 if there is none
 * @param folders the folders that the exporter says the mailbox has
 * @param previousFolders the folders that it said at the restore point before; empty if there is none
 * @param foldersMayHide some folder could not be read, so that a folder not named may still be there
 * @param generations where folders were read anew; of the whole log, later ones are ignored
 */
public record PointInTime(
        long number,
        long previous,
        Set<FolderKey> folders,
        Set<FolderKey> previousFolders,
        boolean foldersMayHide,
        Generations generations) {
    public PointInTime {
        folders = Set.copyOf(folders);
        previousFolders = Set.copyOf(previousFolders);
    }

    /**
     * @param number of the log entry that records the restore point, or will
     * @param before the restore point before it
     */
    static PointInTime of(long number, AttemptEnd witness, Optional<LogEntry> before, Generations generations) {
        Set<FolderKey> previousFolders = before.map(entry -> witnessOf(entry).folders().stream()
                        .map(FolderWitness::folder)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
        return new PointInTime(
                number,
                before.map(LogEntry::number).orElse(0L),
                witness.folders().stream().map(FolderWitness::folder).collect(Collectors.toSet()),
                previousFolders,
                witness.gaps().contains(CoverageGap.FOLDER_FORBIDDEN.name()),
                generations);
    }

    private static AttemptEnd witnessOf(LogEntry entry) {
        if (entry.body() instanceof Body.RestorePointRecorded recorded) {
            return recorded.witness();
        }
        throw new IllegalArgumentException("log entry " + entry.number() + " records no restore point");
    }

    /** Whether what was deleted by that log entry is gone; until the next restore point it is only about to be. */
    boolean deletionTakesEffect(long deletedBy) {
        return deletedBy < previous;
    }

    /** The log entry by which an item is gone that a folder read anew no longer names. */
    OptionalLong deletionByNewGeneration(Version lastSeen) {
        return generations.deletionOf(
                lastSeen.entry().folder(), lastSeen.entry().page(), lastSeen.logNumber(), number);
    }

    /** Whether a folder went away with everything in it, which Exchange does not tell item by item. */
    FolderFate fateOf(FolderKey folder) {
        if (foldersMayHide || folders.contains(folder)) {
            return FolderFate.THERE;
        }
        return previous == 0 || previousFolders.contains(folder) ? FolderFate.GOING : FolderFate.GONE;
    }

    /** As for items: a deletion takes effect one restore point after it was seen. */
    enum FolderFate {
        THERE,
        GOING,
        GONE
    }
}
