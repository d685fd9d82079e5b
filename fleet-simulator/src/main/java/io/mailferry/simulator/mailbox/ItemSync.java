package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mailbox.Folder.Change;
import io.mailferry.simulator.mailbox.Folder.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SyncFolderItems over the folder's log. From nothing it first enumerates what is there, and then goes on with the log from
 * where that stood when the enumeration began; so a change during the enumeration is told after it. Runs under the
 * mailbox's lock.
 */
final class ItemSync {
    /** Where a client is: how far in the enumeration, up to which latecomer that goes, and how far in the log. */
    private record Cursor(int enumerated, int arrivals, int log) {}

    private record Told(ItemRef ref, int generation) {}

    private final Mailbox mailbox;
    private final Folder folder;

    ItemSync(Mailbox mailbox, Folder folder) {
        this.mailbox = mailbox;
        this.folder = folder;
    }

    SyncPage<SyncPage.ItemChange> page(@Nullable String state, int max) throws InvalidSyncStateException {
        Cursor cursor = state == null || state.isEmpty()
                ? new Cursor(0, folder.arrivals.size(), folder.log.size())
                : decode(state);
        List<SyncPage.ItemChange> changes = new ArrayList<>();
        int enumerated = cursor.enumerated();
        int end = folder.initialItems + cursor.arrivals();
        while (enumerated < end && changes.size() < max) {
            ItemRef ref = enumerable(enumerated++);
            if (ref != null) {
                changes.add(new SyncPage.Created(mailbox.item(ref)));
            }
        }
        int log = enumerated < end ? cursor.log() : replay(cursor.log(), changes, max);
        boolean last = enumerated == end && log == folder.log.size();
        return new SyncPage<>(changes, encode(new Cursor(enumerated, cursor.arrivals(), log)), last);
    }

    /** The live item at a place of the enumeration, or null; an item that came twice is told at its last coming. */
    private @Nullable ItemRef enumerable(int at) {
        if (at < folder.initialItems) {
            ItemRef ref = new ItemRef(folder.number, at);
            return mailbox.isIn(ref, folder) && mailbox.place(ref).generation() == 0 ? ref : null;
        }
        int arrival = at - folder.initialItems;
        ItemRef ref = folder.arrivals.get(arrival);
        return folder.isLastArrival(ref, arrival) && mailbox.isIn(ref, folder) ? ref : null;
    }

    private int replay(int from, List<SyncPage.ItemChange> changes, int max) {
        Map<Told, Kind> told = new HashMap<>();
        Set<Told> neverTold = new HashSet<>();
        int at = from;
        while (at < folder.log.size() && changes.size() < max) {
            Change change = folder.log.get(at++);
            Told key = new Told(change.ref(), change.generation());
            boolean live = mailbox.isLive(change.ref(), folder.number, change.generation());
            Kind before = told.get(key);
            switch (change.kind()) {
                case CREATED -> {
                    if (live) {
                        changes.add(new SyncPage.Created(mailbox.item(change.ref())));
                        told.put(key, Kind.CREATED);
                    } else {
                        neverTold.add(key);
                    }
                }
                case UPDATED -> {
                    if (live && (before == null || before == Kind.READ_FLAG_CHANGED)) {
                        changes.add(new SyncPage.Updated(mailbox.item(change.ref())));
                        told.put(key, Kind.UPDATED);
                    }
                }
                case READ_FLAG_CHANGED -> {
                    if (live && before == null) {
                        changes.add(new SyncPage.ReadFlagChanged(mailbox.item(change.ref())));
                        told.put(key, Kind.READ_FLAG_CHANGED);
                    }
                }
                case DELETED -> {
                    if (!neverTold.contains(key)) {
                        changes.add(
                                new SyncPage.Deleted(mailbox.itemId(change.ref(), folder.number, change.generation())));
                    }
                }
            }
        }
        return at;
    }

    private String encode(Cursor cursor) {
        return OpaqueId.encode(
                OpaqueId.ITEM_SYNC, mailbox.guid, folder.number, cursor.enumerated(), cursor.arrivals(), cursor.log());
    }

    private Cursor decode(String state) throws InvalidSyncStateException {
        int[] numbers =
                OpaqueId.decode(OpaqueId.ITEM_SYNC, mailbox.guid, state).orElseThrow(InvalidSyncStateException::new);
        boolean own = numbers[0] == folder.number
                && numbers[2] <= folder.arrivals.size()
                && numbers[1] <= folder.initialItems + numbers[2]
                && numbers[3] <= folder.log.size();
        if (!own) {
            throw new InvalidSyncStateException();
        }
        return new Cursor(numbers[1], numbers[2], numbers[3]);
    }
}
