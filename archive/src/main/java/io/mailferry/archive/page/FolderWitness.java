package io.mailferry.archive.page;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.contracts.id.PageId;
import org.jspecify.annotations.Nullable;

/**
 * What the exporter saw of one folder in one attempt.
 *
 * @param head the folder's last page, of this or an earlier attempt; absent if it has none
 * @param totalBefore Exchange's TotalCount before the sync, {@code totalAfter} after it; -1 for a pseudo folder without
 * @param items new items sent in this attempt; likewise updates, deletions, read flags and skips
 */
public record FolderWitness(
        FolderKey folder,
        @Nullable PageId head,
        long totalBefore,
        long totalAfter,
        long items,
        long updates,
        long deletions,
        long readFlags,
        long skips) {}
