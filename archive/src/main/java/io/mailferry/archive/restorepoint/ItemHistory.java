package io.mailferry.archive.restorepoint;

import io.mailferry.archive.part.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Folds the versions of one item, oldest first, in constant memory. */
final class ItemHistory {
    private @Nullable Version content;
    private @Nullable Version readFlag;
    private @Nullable Version skip;
    private @Nullable Version deletion;
    private @Nullable Version folder;

    void add(Version version) {
        Kind kind = version.entry().kind();
        switch (kind) {
            case CONTENT, REFERENCE -> {
                content = version;
                readFlag = null;
                skip = null;
                deletion = null;
            }
            case READ_FLAG -> readFlag = version;
            case SKIP -> {
                // The item is there, though unreadable: an older content of it stays what can be given back.
                skip = version;
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
        Version newest = content == null ? skip : content;
        if (newest == null || (deletion != null && point.deletionTakesEffect(deletion.logNumber()))) {
            return Optional.empty();
        }
        return switch (point.fateOf(newest.entry().folder())) {
            case GONE -> Optional.empty();
            case GOING -> newest == content ? Optional.of(live(newest, true)) : Optional.empty();
            case THERE -> Optional.of(newest == content ? live(newest, deletion != null) : onlySkipped(newest));
        };
    }

    private ItemAtPoint live(Version version, boolean pendingDeletion) {
        return new ItemAtPoint.Live(
                version,
                pendingDeletion,
                Optional.ofNullable(readFlag).map(Version::entry),
                Optional.ofNullable(skip).map(Version::entry));
    }

    private static ItemAtPoint onlySkipped(Version version) {
        return new ItemAtPoint.OnlySkipped(version);
    }
}
