package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Chance;
import io.mailferry.simulator.mail.MailPlan;
import io.mailferry.simulator.mail.Person;
import io.mailferry.simulator.mailbox.Folder.Change;
import io.mailferry.simulator.mailbox.Folder.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox. What an item holds is a function of seed, folder of origin, ordinal and edition; what is kept is where changed
 * items are now. Safe for use by many threads.
 */
public final class Mailbox {
    static final String CORPUS_FOLDER = "Corpus";
    private static final double READ_SHARE = 0.7;

    /** Where an item is now; only items that changed since the beginning have one. */
    record Place(int folder, int generation, int version, int edition, boolean read, boolean deleted) {}

    final MailboxSpec spec;
    final UUID guid;
    final List<Folder> folders;
    final Map<ItemRef, Place> places = new HashMap<>();
    final Map<ItemRef, Spoilage> spoiled = new HashMap<>();
    final ReentrantLock lock = new ReentrantLock();
    private final Map<ItemRef, Long> large = new HashMap<>();
    private final Person owner;
    private final Hierarchy hierarchy;

    public Mailbox(MailboxSpec spec) {
        this.spec = spec;
        this.guid = new UUID(
                Chance.seedOf(spec.seed(), 1) & ~0xF000L | 0x4000L,
                Chance.seedOf(spec.seed(), 2) & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
        this.owner = new Person(spec.displayName(), spec.address());
        this.folders = FolderTree.grow(guid, spec.items(), spec.corpus().size());
        this.hierarchy = new Hierarchy(this);
        Folder inbox = distinguished("inbox").orElseThrow();
        for (long bytes : spec.largeBytes()) {
            large.put(new ItemRef(inbox.number, Math.max(0, inbox.initialItems / 2 - large.size())), bytes);
        }
        Chance chance = Chance.of(spec.seed(), 3);
        spec.spoiled().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            for (int i = 0; i < entry.getValue(); i++) {
                spoilOne(chance, entry.getKey());
            }
        });
    }

    private void spoilOne(Chance chance, Spoilage kind) {
        List<Folder> candidates = folders.stream()
                .filter(f -> f.holdsMail() && f.initialItems > 0 && !isCorpus(f))
                .toList();
        for (int attempt = 0; attempt < 1000 && !candidates.isEmpty(); attempt++) {
            Folder folder = chance.pick(candidates);
            ItemRef ref = new ItemRef(folder.number, chance.below(folder.initialItems));
            if (!large.containsKey(ref) && !spoiled.containsKey(ref)) {
                spoiled.put(ref, kind);
                return;
            }
        }
        throw new IllegalArgumentException("The mailbox is too small for its spoiled items");
    }

    public String address() {
        return spec.address();
    }

    public String displayName() {
        return spec.displayName();
    }

    /** The mailbox's GUID, which a rename of the address does not change. */
    public UUID guid() {
        return guid;
    }

    /** A folder by its id, if it is there. */
    public Optional<Folder> folder(String id) {
        return OpaqueId.decode(OpaqueId.FOLDER, guid, id).flatMap(numbers -> {
            lock.lock();
            try {
                Folder folder = numbers[0] >= 0 && numbers[0] < folders.size() ? folders.get(numbers[0]) : null;
                return folder == null || folder.deleted ? Optional.empty() : Optional.of(folder);
            } finally {
                lock.unlock();
            }
        });
    }

    /** A folder by its well-known name, such as inbox or msgfolderroot. */
    public Optional<Folder> distinguished(String name) {
        return folders.stream()
                .filter(folder -> name.equals(folder.distinguishedName()))
                .findFirst();
    }

    /** Folders, changes of them, and syncing them. */
    public Hierarchy hierarchy() {
        return hierarchy;
    }

    /** How many items are in a folder. */
    public int totalCount(Folder folder) {
        lock.lock();
        try {
            return folder.live;
        } finally {
            lock.unlock();
        }
    }

    /** The version of the folder itself, as an opaque text. */
    public String changeKey(Folder folder) {
        return OpaqueId.changeKey(OpaqueId.FOLDER, folder.number, folder.version, spec.seed());
    }

    /** How many items are in the whole mailbox. */
    public long items() {
        lock.lock();
        try {
            return folders.stream()
                    .filter(f -> !f.deleted)
                    .mapToLong(f -> f.live)
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** How many items of a folder are not read. */
    public int unreadCount(Folder folder) {
        lock.lock();
        try {
            return (int)
                    liveRefs(folder).stream().filter(ref -> !place(ref).read()).count();
        } finally {
            lock.unlock();
        }
    }

    /** The sum of the sizes that Exchange would show for a folder's items. */
    public long shownBytes(Folder folder) {
        lock.lock();
        try {
            if (folder.cachedBytesAtChange != folder.log.size()) {
                folder.cachedBytes = liveRefs(folder).stream()
                        .mapToLong(ref -> shownBytes(content(ref, place(ref).edition())))
                        .sum();
                folder.cachedBytesAtChange = folder.log.size();
            }
            return folder.cachedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** The size that Exchange would show for an item. */
    public static long shownBytes(ItemContent content) {
        return switch (content) {
            case ItemContent.Generated generated -> generated.plan().shownBytes();
            case ItemContent.FromFile file -> file.bytes();
        };
    }

    /** How many items are spoiled: those that can be read all the same, or those that cannot. */
    public long spoiledItems(boolean readable) {
        lock.lock();
        try {
            return spoiled.values().stream()
                    .filter(kind -> kind.readable() == readable)
                    .count();
        } finally {
            lock.unlock();
        }
    }

    /** An item by its id; empty if it was deleted or moved since, or never was. */
    public Optional<Item> item(String id) {
        return OpaqueId.decode(OpaqueId.ITEM, guid, id).flatMap(numbers -> {
            ItemRef ref = new ItemRef(numbers[1], numbers[2]);
            lock.lock();
            try {
                boolean there = isLive(ref, numbers[0], numbers[3]);
                return there ? Optional.of(item(ref)) : Optional.empty();
            } finally {
                lock.unlock();
            }
        });
    }

    /** All live items of a folder, oldest first, from an offset on. */
    public List<Item> items(Folder folder, int offset, int max) {
        lock.lock();
        try {
            if (folder.log.isEmpty()) {
                // A folder of a million untouched items is paged through without listing it anew for each page.
                return IntStream.range(offset, (int) Math.min(folder.initialItems, (long) offset + max))
                        .mapToObj(ordinal -> item(new ItemRef(folder.number, ordinal)))
                        .toList();
            }
            return liveRefs(folder).stream()
                    .skip(offset)
                    .limit(max)
                    .map(this::item)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Every folder that is not deleted. */
    public List<Folder> allFolders() {
        lock.lock();
        try {
            return folders.stream().filter(folder -> !folder.deleted).toList();
        } finally {
            lock.unlock();
        }
    }

    /** One page of a folder's sync; a null state begins from nothing. */
    public SyncPage<SyncPage.ItemChange> sync(Folder folder, @Nullable String state, int max)
            throws InvalidSyncStateException {
        lock.lock();
        try {
            return new ItemSync(this, folder).page(state, max);
        } finally {
            lock.unlock();
        }
    }

    /** Changes items as the spec says; the same spec on the same mailbox does the same. */
    public MailboxChanges.Applied apply(MailboxChanges changes) {
        lock.lock();
        try {
            return changes.applyTo(this);
        } finally {
            lock.unlock();
        }
    }

    // What follows is for this package, under the lock.

    boolean isCorpus(Folder folder) {
        return folder.displayName().equals(CORPUS_FOLDER) && !spec.corpus().isEmpty();
    }

    Place place(ItemRef ref) {
        Place changed = places.get(ref);
        return changed != null
                ? changed
                : new Place(
                        ref.origin(),
                        0,
                        1,
                        0,
                        Chance.of(spec.seed(), ref.origin(), ref.ordinal(), 5).in(READ_SHARE),
                        ref.ordinal() >= folders.get(ref.origin()).initialItems);
    }

    boolean isLive(ItemRef ref, int folder, int generation) {
        if (ref.origin() < 0 || ref.origin() >= folders.size() || folders.get(folder).deleted) {
            return false;
        }
        Place place = place(ref);
        return !place.deleted() && place.folder() == folder && place.generation() == generation;
    }

    boolean isIn(ItemRef ref, Folder folder) {
        Place place = place(ref);
        return !place.deleted() && place.folder() == folder.number;
    }

    /** Live items, without repeats: an item that came back is listed as a latecomer only. */
    List<ItemRef> liveRefs(Folder folder) {
        List<ItemRef> refs = new ArrayList<>(folder.live);
        for (int i = 0; i < folder.initialItems; i++) {
            ItemRef ref = new ItemRef(folder.number, i);
            Place place = places.get(ref);
            if (place == null || !place.deleted() && place.generation() == 0) {
                refs.add(ref);
            }
        }
        for (int i = 0; i < folder.arrivals.size(); i++) {
            ItemRef ref = folder.arrivals.get(i);
            if (folder.isLastArrival(ref, i) && isIn(ref, folder)) {
                refs.add(ref);
            }
        }
        return refs;
    }

    String itemId(ItemRef ref, int folder, int generation) {
        return OpaqueId.encode(OpaqueId.ITEM, guid, folder, ref.origin(), ref.ordinal(), generation);
    }

    Item item(ItemRef ref) {
        Place place = place(ref);
        return new Item(
                itemId(ref, place.folder(), place.generation()),
                OpaqueId.changeKey(OpaqueId.ITEM, ref.ordinal(), place.version(), spec.seed()),
                folders.get(place.folder()),
                place.read(),
                place.edition(),
                content(ref, place.edition()),
                spoiled.get(ref),
                Item.searchKey(spec.seed(), ref));
    }

    private ItemContent content(ItemRef ref, int edition) {
        Folder origin = folders.get(ref.origin());
        if (isCorpus(origin) && ref.ordinal() < spec.corpus().size()) {
            Path file = spec.corpus().get(ref.ordinal());
            try {
                return new ItemContent.FromFile(file, Files.size(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        long seed = Chance.seedOf(spec.seed(), ref.origin(), ref.ordinal(), edition);
        Long bytes = large.get(ref);
        return new ItemContent.Generated(
                bytes != null
                        ? MailPlan.large(seed, owner, bytes)
                        : MailPlan.of(seed, origin.special, owner, spec.sizes()));
    }

    boolean isLarge(ItemRef ref) {
        return large.containsKey(ref);
    }

    void log(Folder folder, Kind kind, ItemRef ref, int generation) {
        folder.log.add(new Change(kind, ref, generation));
    }
}
