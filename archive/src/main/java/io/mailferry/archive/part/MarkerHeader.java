package io.mailferry.archive.part;

import org.jspecify.annotations.Nullable;

/**
 * The sealed header of a deletion, a read flag or a skipped item.
 *
 * @param changeKey of the state that could not be read, for a skip
 * @param read the new read state, for a read flag
 */
public record MarkerHeader(
        String itemId,
        String folderId,
        @Nullable String changeKey,
        @Nullable Boolean read) {
    @Override
    public String toString() {
        return "MarkerHeader";
    }
}
