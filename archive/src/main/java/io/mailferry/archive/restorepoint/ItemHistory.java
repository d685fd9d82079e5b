package io.mailferry.archive.restorepoint;

import io.mailferry.archive.part.Kind;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Folds the versions of one item, oldest first, in constant memory. */
final class ItemHistory {
    private @Nullable Version content;
    private @Nullable Version readFlag;
    private @Nullable Version skip;
    private @Nullable Version lastSeen;
    private @Nullable Version deletion;
    private @Nullable Version folder;

    void add(Version version) {
        Kind kind = version.entry().kind();
        switch (kind) {
            case CONTENT, REFERENCE -> {
                content = version;
                lastSeen = version;
                readFlag = null;
                skip = null;
                deletion = null;
            }
            case READ_FLAG -> readFlag = version;
            case SKIP -> {
                // The item is there, though unreadable: an older content of it stays what can be given back.
                skip = version;
                lastSeen = version;
                deletion = null;
            }
            case DELETION -> {
                skip = null;
                // Of several deletions the first counts: a repeated one must not postpone the effect.
                deletion = deletion == null ? version : deletion;
            }
            case FOLDER -> folder = version;
            case BEGIN, PAGE_END, END -> throw new IllegalArgumentException("not indexed: " + kind);
        }
    }

    Optional<ItemAtPoint> at(PointInTime point) {
        if (folder != null) {
            return Optional.of(new ItemAtPoint.Folder(folder));
        }
        OptionalLong deletedBy = deletedBy(point);
        if (deletedBy.isPresent() && point.deletionTakesEffect(deletedBy.getAsLong())) {
            return Optional.empty();
        }
        if (content != null) {
            Version there = content;
            return switch (point.fateOf(there.entry().folder())) {
                case GONE -> Optional.empty();
                case GOING -> Optional.of(live(there, true));
                case THERE -> Optional.of(live(there, deletedBy.isPresent()));
            };
        }
        // Of an item without content there is nothing to keep until a deletion takes effect.
        Version unread = skip;
        if (unread == null
                || deletedBy.isPresent()
                || point.fateOf(unread.entry().folder()) != PointInTime.FolderFate.THERE) {
            return Optional.empty();
        }
        return Optional.of(new ItemAtPoint.OnlySkipped(unread));
    }

    /** By which log entry the item was deleted: said by one, or by no longer naming it. */
    private OptionalLong deletedBy(PointInTime point) {
        Version seen = lastSeen;
        OptionalLong unnamed = seen == null ? OptionalLong.empty() : point.deletionByNewGeneration(seen);
        if (deletion == null) {
            return unnamed;
        }
        return OptionalLong.of(
                unnamed.isPresent() ? Math.min(unnamed.getAsLong(), deletion.logNumber()) : deletion.logNumber());
    }

    private ItemAtPoint live(Version version, boolean pendingDeletion) {
        return new ItemAtPoint.Live(
                version,
                pendingDeletion,
                Optional.ofNullable(readFlag).map(Version::entry),
                Optional.ofNullable(skip).map(Version::entry));
    }
}
