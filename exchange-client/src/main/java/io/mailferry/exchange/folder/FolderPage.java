package io.mailferry.exchange.folder;

import java.util.List;

/**
 * One answer of SyncFolderHierarchy.
 *
 * @param syncState opaque; to be given at the next call
 * @param last whether nothing more waits behind this page
 */
public record FolderPage(List<FolderChange> changes, String syncState, boolean last) {
    public FolderPage {
        changes = List.copyOf(changes);
    }

    @Override
    public String toString() {
        return "FolderPage[changes=" + changes.size() + ", last=" + last + "]";
    }
}
