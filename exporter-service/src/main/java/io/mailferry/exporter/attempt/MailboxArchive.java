package io.mailferry.exporter.attempt;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentReader;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderHead;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.log.SegmentRef;
import io.mailferry.archive.log.StoredPage;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.part.SyncState;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.id.PageId;
import io.mailferry.exchange.item.ItemId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the archive already has of a mailbox, as far as an attempt needs it: heads and sync states, the items of a sync
 * page that was broken off, and the items that could not be read so far. The log is the only truth; nothing here is
 * remembered from what was once sent.
 */
final class MailboxArchive {
    private final ObjectStore store;
    private final MailboxPlace place;
    private final MailboxLog log;
    private final ItemOpener opener;
    private final ArchiveReads reads;
    private final LogState state;
    private final List<Stored> stored;

    private MailboxArchive(
            ObjectStore store,
            MailboxPlace place,
            MailboxLog log,
            ItemOpener opener,
            ArchiveReads reads,
            LogState state,
            List<Stored> stored) {
        this.store = store;
        this.place = place;
        this.log = log;
        this.opener = opener;
        this.reads = reads;
        this.state = state;
        this.stored = stored;
    }

    /** What one log entry added. */
    private record Stored(long number, List<SegmentRef> segments, List<StoredPage> pages) {
        boolean hasSkips() {
            return pages.stream().anyMatch(page -> page.end().skips() > 0);
        }
    }

    static MailboxArchive read(
            ObjectStore store, MailboxPlace place, MailboxLog log, SealingKey key, MacKey mac, ArchiveReads reads) {
        List<Stored> stored = new ArrayList<>();
        LogState state = reads.read(() -> {
            stored.clear();
            return log.read(entry -> {
                if (entry.body() instanceof Body.PagesStored body) {
                    stored.add(new Stored(entry.number(), body.segments(), withoutStates(body.pages())));
                }
            });
        });
        ItemOpener opener = new ItemOpener(place.tenant(), place.mailbox(), key, mac);
        return new MailboxArchive(store, place, log, opener, reads, state, stored);
    }

    /** Sync states may be large, and the log's state has the newest of each folder. */
    private static List<StoredPage> withoutStates(List<StoredPage> pages) {
        return pages.stream()
                .map(page ->
                        new StoredPage(page.end(), page.sealedBytes(), page.syncState() == null ? null : List.of()))
                .toList();
    }

    LogState state() {
        return state;
    }

    /** What was appended to the log since it was last looked at. */
    List<LogEntry> refresh() {
        return reads.read(() -> log.refresh(state));
    }

    @Nullable
    PageId head(FolderKey folder) {
        FolderHead head = state.heads().get(folder);
        return head == null ? null : head.head();
    }

    /** The page with the folder's newest sync state; null for a folder of which none is stored. */
    @Nullable
    PageId syncPage(FolderKey folder) {
        FolderHead head = state.heads().get(folder);
        return head == null ? null : head.syncPage();
    }

    /** The sync state with which the folder goes on; null for a folder that is to be read from the start. */
    @Nullable
    String syncState(FolderKey folder) {
        FolderHead head = state.heads().get(folder);
        PageId page = head == null ? null : head.syncPage();
        List<byte[]> chunks = head == null ? null : head.syncState();
        if (page == null || chunks == null || isBeingReadAnew(folder)) {
            return null;
        }
        return reads.read(() -> {
                    byte[] header = opener.header(Kind.PAGE_END, folder.asItem(), page, null, chunks);
                    return Optional.ofNullable(ArchiveJson.read(header, SyncState.class, "sync state")
                            .state());
                })
                .orElse(null);
    }

    /**
     * A reading from empty state that was broken off goes on from empty state: were the old sync state used once more,
     * what the reading had not come to would count as deleted.
     */
    private boolean isBeingReadAnew(FolderKey folder) {
        boolean begun = false;
        for (Stored entry : stored) {
            for (StoredPage page : entry.pages()) {
                if (page.end().folder().equals(folder)) {
                    begun = page.syncState() == null && (begun || page.end().generation());
                }
            }
        }
        return begun;
    }

    /**
     * Whether the folder's sync state belongs to a reading from empty state that did not come to the folder's end. The
     * attempt that comes there says so: only then is known what the folder no longer has.
     */
    boolean isReadAnewInPart(FolderKey folder) {
        boolean inPart = false;
        for (Stored entry : stored) {
            for (StoredPage page : entry.pages()) {
                if (page.end().folder().equals(folder)) {
                    inPart =
                            !page.end().generationEnd() && (inPart || page.end().generation());
                }
            }
        }
        return inPart;
    }

    /** Items that all pages so far add up to, for progress: new ones less deleted ones. */
    long items() {
        return stored.stream()
                .flatMap(entry -> entry.pages().stream())
                .mapToLong(page -> page.end().items() - page.end().deletions())
                .sum();
    }

    /**
     * The items that the folder's pages since its last sync state hold: the same sync page is
     * about to be read again. Bounded by the size of a sync page.
     */
    Map<ItemKey, ItemId> itemsSinceSyncState(FolderKey folder) {
        Set<PageId> pages = new HashSet<>();
        List<Stored> entries = new ArrayList<>();
        for (Stored entry : stored) {
            boolean concerned = false;
            for (StoredPage page : entry.pages()) {
                if (!page.end().folder().equals(folder)) {
                    continue;
                }
                if (page.syncState() != null) {
                    pages.clear();
                    entries.clear();
                    concerned = false;
                } else {
                    pages.add(page.end().page());
                    concerned = true;
                }
            }
            if (concerned) {
                entries.add(entry);
            }
        }
        Map<ItemKey, ItemId> items = new HashMap<>();
        for (Stored entry : entries) {
            eachEntry(entry, indexed -> {
                if (pages.contains(indexed.page()) && !indexed.header().isEmpty()) {
                    ItemId id = id(indexed);
                    if (id != null) {
                        items.put(indexed.item(), id);
                    }
                }
            });
        }
        return items;
    }

    private @Nullable ItemId id(IndexEntry entry) throws IOException {
        return switch (entry.kind()) {
            case CONTENT, REFERENCE -> {
                ItemHeader item = ArchiveJson.read(header(entry), ItemHeader.class, "item header");
                yield new ItemId(item.itemId(), item.changeKey());
            }
            case SKIP -> {
                MarkerHeader skip = ArchiveJson.read(header(entry), MarkerHeader.class, "skip");
                String changeKey = skip.changeKey();
                yield new ItemId(skip.itemId(), changeKey == null ? "" : changeKey);
            }
            case BEGIN, FOLDER, DELETION, READ_FLAG, PAGE_END, END -> null;
        };
    }

    private byte[] header(IndexEntry entry) throws IOException {
        return opener.header(entry.kind(), entry.item(), entry.page(), entry.contentId(), entry.header());
    }

    /**
     * The items that could not be read so far: those of the newest restore point, and those of pages since. Reads index
     * segments only when there are any.
     */
    Map<ItemKey, SkippedItem> skippedItems() {
        Optional<LogEntry> newest = state.restorePoint();
        long pointNumber = newest.map(LogEntry::number).orElse(0L);
        Set<ItemKey> listed = new HashSet<>();
        if (newest.isPresent() && newest.get().body() instanceof Body.RestorePointRecorded point) {
            point.skipped().stream().map(CarriedSkip::item).forEach(listed::add);
        }
        Map<ItemKey, SkippedItem> skipped = new LinkedHashMap<>();
        for (Stored entry : stored) {
            boolean before = entry.number() < pointNumber;
            if (before ? !listed.isEmpty() && entry.hasSkips() : entry.hasSkips() || !skipped.isEmpty()) {
                eachEntry(entry, indexed -> {
                    switch (indexed.kind()) {
                        case SKIP -> {
                            if (!before || listed.contains(indexed.item())) {
                                skipped.put(indexed.item(), skippedItem(indexed));
                            }
                        }
                        case CONTENT, REFERENCE, DELETION -> {
                            if (!before) {
                                skipped.remove(indexed.item());
                            }
                        }
                        case BEGIN, FOLDER, READ_FLAG, PAGE_END, END -> {}
                    }
                });
            }
        }
        return skipped;
    }

    private SkippedItem skippedItem(IndexEntry entry) throws IOException {
        if (entry.header().isEmpty()) {
            throw new Damaged(Damage.MALFORMED, "a skip without its header in the index");
        }
        MarkerHeader marker = ArchiveJson.read(header(entry), MarkerHeader.class, "skip");
        String changeKey = marker.changeKey();
        return new SkippedItem(
                marker.itemId(),
                changeKey == null ? "" : changeKey,
                entry.folder(),
                SkipCauses.of(entry.cause() == null ? "" : entry.cause()));
    }

    private interface EntryVisitor {
        void entry(IndexEntry entry) throws IOException;
    }

    private void eachEntry(Stored entry, EntryVisitor visitor) {
        for (SegmentRef segment : entry.segments()) {
            reads.read(() -> {
                InputStream in = store.open(place.segment(segment.id()))
                        .orElseThrow(() -> new Damaged(Damage.MISSING, "segment " + segment.id()));
                try (SegmentReader reader = new SegmentReader(in, segment.entries())) {
                    for (IndexEntry next = reader.next(); next != null; next = reader.next()) {
                        visitor.entry(next);
                    }
                }
                return Boolean.TRUE;
            });
        }
    }
}
