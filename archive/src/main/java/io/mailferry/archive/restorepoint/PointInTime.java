package io.mailferry.archive.restorepoint;

import io.mailferry.archive.keys.FolderKey;
import java.util.Set;

/**
 * From where the versions are looked at: a restore point, or the end of the log where one is about to be recorded.
 *
 * @param number log number of the restore point; only versions below it count
 * @param previous log number of the restore point before it, 0 if there is none
 * @param folders the folders that the exporter says the mailbox has
 * @param previousFolders the folders that it said at the restore point before; empty if there is none
 * @param foldersMayHide some folder could not be read, so that a folder not named may still be there
 */
public record PointInTime(
        long number, long previous, Set<FolderKey> folders, Set<FolderKey> previousFolders, boolean foldersMayHide) {
    public PointInTime {
        folders = Set.copyOf(folders);
        previousFolders = Set.copyOf(previousFolders);
    }

    /** Whether what was deleted by that log entry is gone; until the next restore point it is only about to be. */
    boolean deletionTakesEffect(long deletedBy) {
        return deletedBy < previous;
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
