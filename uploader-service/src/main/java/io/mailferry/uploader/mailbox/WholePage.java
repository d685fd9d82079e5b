package io.mailferry.uploader.mailbox;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.log.StoredPage;
import io.mailferry.archive.part.Kind;
import java.util.List;

/**
 * A page of which every part has come.
 *
 * @param firstOffset of its first part; what is committed stays at or below it until the page is recorded
 */
record WholePage(StoredPage page, List<IndexEntry> entries, long firstOffset) {
    WholePage {
        entries = List.copyOf(entries);
    }

    /** Items, which is what progress counts. */
    long items() {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.CONTENT || entry.kind() == Kind.REFERENCE)
                .count();
    }
}
