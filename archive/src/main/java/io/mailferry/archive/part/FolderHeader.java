package io.mailferry.archive.part;

import org.jspecify.annotations.Nullable;

/**
 * The sealed description of a folder.
 *
 * @param distinguishedName such as {@code inbox}, where Exchange has one for it
 * @param deleted the folder is gone; the other fields are its last known ones, or empty
 */
public record FolderHeader(
        String folderId,
        @Nullable String changeKey,
        @Nullable String parentFolderId,
        @Nullable String displayName,
        @Nullable String folderClass,
        @Nullable String distinguishedName,
        boolean deleted) {
    @Override
    public String toString() {
        return "FolderHeader";
    }
}
