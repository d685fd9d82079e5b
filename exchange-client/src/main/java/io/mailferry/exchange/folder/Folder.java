package io.mailferry.exchange.folder;

import org.jspecify.annotations.Nullable;

/**
 * A folder as the server shows it. Its name is content and never printed.
 *
 * @param changeKey changes with each change of the folder; empty when the server sends none
 * @param parent null when the server does not say
 * @param folderClass such as {@code IPF.Note}; null when the folder has none
 * @param totalCount the items in it without those in its children; -1 when the server does not say
 */
public record Folder(
        FolderId id,
        String changeKey,
        @Nullable FolderId parent,
        String displayName,
        @Nullable String folderClass,
        long totalCount) {

    @Override
    public String toString() {
        return "Folder[totalCount=" + totalCount + "]";
    }
}
