package io.mailferry.simulator.mailbox;

import java.util.List;

/**
 * One answer of a sync.
 *
 * @param changes in order
 * @param state what to send for the next page
 * @param last whether nothing is left to send at this moment
 */
public record SyncPage<C>(List<C> changes, String state, boolean last) {
    public SyncPage {
        changes = List.copyOf(changes);
    }

    /** What happened to an item. */
    public sealed interface ItemChange {}

    public record Created(Item item) implements ItemChange {}

    public record Updated(Item item) implements ItemChange {}

    public record ReadFlagChanged(Item item) implements ItemChange {}

    /** Only the id is left. */
    public record Deleted(String itemId) implements ItemChange {}

    /** What happened to a folder. */
    public sealed interface FolderChange {}

    public record FolderCreated(Folder folder) implements FolderChange {}

    public record FolderUpdated(Folder folder) implements FolderChange {}

    public record FolderDeleted(String folderId) implements FolderChange {}
}
