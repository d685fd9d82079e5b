package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Versions made by hand, for tests. */
final class Histories {
    private Histories() {}

    static ItemKey item(long number) {
        return new ItemKey(number, 0, 0, 0);
    }

    static FolderKey folder(long number) {
        return new FolderKey(number, 0, 0, 0);
    }

    static Version version(long logNumber, long ordinal, Kind kind, ItemKey item, FolderKey folder) {
        return new Version(
                logNumber,
                new IndexEntry(
                        item,
                        folder,
                        kind,
                        ordinal,
                        new PageId(new UUID(logNumber, ordinal)),
                        kind.named() ? new ContentId(new UUID(logNumber, ordinal)) : null,
                        List.of(new Extent(new UUID(0, logNumber), ordinal * 100, 100, "00".repeat(32))),
                        List.of(),
                        1,
                        100,
                        kind == Kind.SKIP ? "ITEM_CORRUPT" : null));
    }

    /** In order, as an index gives them. */
    static Versions sorted(List<Version> versions) {
        List<Version> sorted = new ArrayList<>(versions);
        sorted.sort(Version.ORDER);
        Iterator<Version> iterator = sorted.iterator();
        return new Versions() {
            @Override
            public @Nullable Version next() {
                return iterator.hasNext() ? iterator.next() : null;
            }

            @Override
            public void close() {}
        };
    }
}
