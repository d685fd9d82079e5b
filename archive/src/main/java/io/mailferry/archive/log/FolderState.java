package io.mailferry.archive.log;

import io.mailferry.archive.keys.FolderKey;

/**
 * A folder at a restore point.
 *
 * @param live items that are there at this point, pending deletions included
 * @param pendingDeletions live items whose deletion takes effect at the next restore point
 * @param sealedBytes of the live items
 * @param totalBefore what Exchange counted before and {@code totalAfter} after the sync; -1 if it did not
 * @param skips items of this folder that could not be read
 */
public record FolderState(
        FolderKey folder,
        long live,
        long pendingDeletions,
        long sealedBytes,
        long totalBefore,
        long totalAfter,
        long skips) {}
