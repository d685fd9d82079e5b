package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder and the log of what happened in it. Guarded by its mailbox's lock, but for what never changes: number, id, parent,
 * class and distinguished name.
 */
public final class Folder {

    /** What can happen to an item, as its folder's log tells it. */
    enum Kind {
        CREATED,
        UPDATED,
        READ_FLAG_CHANGED,
        DELETED
    }

    /** One line of the log; the generation is the item's at that time, since it is part of its id. */
    record Change(Kind kind, ItemRef ref, int generation) {}

    final int number;
    final @Nullable Shape special;
    final int initialItems;
    final List<Change> log = new ArrayList<>();
    /** Items that came after the beginning, in the order of their coming; some have gone again. */
    final List<ItemRef> arrivals = new ArrayList<>();
    /** Where in the arrivals an item came last: one that left and came back is there twice. */
    private final Map<ItemRef, Integer> lastArrival = new HashMap<>();

    int live;
    int nextOrdinal;
    int version = 1;
    boolean deleted;
    long cachedBytes = -1;
    int cachedBytesAtChange = -1;
    private final String id;
    private final Folder parent;
    private final String folderClass;
    private final @Nullable String distinguishedName;
    private volatile String displayName;

    Folder(
            int number,
            String id,
            @Nullable Folder parent,
            String displayName,
            String folderClass,
            @Nullable String distinguishedName,
            @Nullable Shape special,
            int initialItems) {
        this.number = number;
        this.id = id;
        // The root is its own parent, as on a real server.
        this.parent = parent == null ? this : parent;
        this.displayName = displayName;
        this.folderClass = folderClass;
        this.distinguishedName = distinguishedName;
        this.special = special;
        this.initialItems = initialItems;
        this.nextOrdinal = initialItems;
        this.live = initialItems;
    }

    public String id() {
        return id;
    }

    /** The root answers itself. */
    public Folder parent() {
        return parent;
    }

    public String displayName() {
        return displayName;
    }

    void rename(String name) {
        displayName = name;
        version++;
    }

    /** For example IPF.Note. */
    public String folderClass() {
        return folderClass;
    }

    /** For example inbox; null for a folder of the user's own. */
    public @Nullable String distinguishedName() {
        return distinguishedName;
    }

    public boolean isRoot() {
        return parent == this;
    }

    boolean isBelow(Folder ancestor) {
        Folder at = this;
        while (!at.isRoot()) {
            at = at.parent;
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }

    void arrive(ItemRef ref) {
        lastArrival.put(ref, arrivals.size());
        arrivals.add(ref);
        live++;
    }

    boolean isLastArrival(ItemRef ref, int index) {
        Integer last = lastArrival.get(ref);
        return last != null && last == index;
    }

    boolean holdsMail() {
        return special == null && folderClass.equals("IPF.Note");
    }

    /** Names from below the top of the mailbox's visible folders down to this one. */
    public List<String> path() {
        List<String> names = new ArrayList<>();
        Folder at = this;
        while (!at.isRoot() && !"msgfolderroot".equals(at.distinguishedName)) {
            names.addFirst(at.displayName);
            at = at.parent;
        }
        return List.copyOf(names);
    }

    /** The name of a folder is content; it is not for logs. */
    @Override
    public String toString() {
        return "Folder[" + number + "]";
    }
}
