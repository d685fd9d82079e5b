package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import java.util.Optional;

/** What an item is at a restore point. Items that are gone are not mentioned. */
public sealed interface ItemAtPoint {
    /**
     * It can be given back.
     *
     * @param version its content, or a reference to one
     * @param pendingDeletion it was deleted since the restore point before, and is gone at the next one
     * @param readFlag the newest change of its read state after the content was read
     * @param skip a newer state of it that could not be read
     */
    record Live(Version version, boolean pendingDeletion, Optional<IndexEntry> readFlag, Optional<IndexEntry> skip)
            implements ItemAtPoint {}

    /** It could not be read, and there is no older content of it. */
    record OnlySkipped(Version version) implements ItemAtPoint {}

    /** The newest description of a folder. */
    record Folder(Version version) implements ItemAtPoint {}
}
