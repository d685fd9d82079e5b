package io.mailferry.archive.log;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.contracts.id.PageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where folders were read anew from an empty sync state. Such a sync names every item that is there, so an item that it
 * does not name was deleted, although nobody said so. That is known only once it has come to the folder's end, maybe
 * attempts later, or never if the folder may no longer be read: a generation counts from the entry in which it ended.
 *
 * <p>A sync that was broken off goes on in a later attempt, which leaves out what it finds stored since the folder's last
 * sync state. So a generation reaches back to the page after that one: what lies in older pages and is not seen again is
 * deleted by the generation.
 *
 * <p>Keeps no page but those beside which such a reading begins, so that its size goes with the folders and how often each
 * was read anew, and not with the length of the log.
 */
public final class Generations {
    private final Map<FolderKey, Folder> folders = new HashMap<>();

    /** Takes the next stored page. */
    public void add(long logNumber, PageEnd end) {
        Folder folder = folders.computeIfAbsent(end.folder(), _ -> new Folder());
        int place = folder.placeOf(logNumber, end.page());
        if (end.generation()) {
            folder.begun = folder.sinceSync;
        }
        Boundary begun = folder.begun;
        if (end.generationEnd() && begun != null) {
            folder.generations.add(new Generation(logNumber, begun));
            folder.begun = null;
        }
        if (end.syncEnd()) {
            folder.sinceSync = new Boundary(logNumber, folder.inEntry, place);
        }
    }

    /**
     * Which log entry deleted what a page said last of an item.
     *
     * @param logNumber of the entry that stored the page
     * @param before only generations that ended in entries below this number count
     * @return empty if the folder was not read anew to its end since
     */
    public OptionalLong deletionOf(FolderKey folder, PageId page, long logNumber, long before) {
        Folder known = folders.get(folder);
        if (known == null) {
            return OptionalLong.empty();
        }
        return known.generations.stream()
                .filter(generation -> generation.logNumber < before && generation.since.isAfter(logNumber, page))
                .mapToLong(generation -> generation.logNumber)
                .findFirst();
    }

    /**
     * @param logNumber of the entry in which it ended
     * @param since what the folder's pages behind it say counts as seen by it
     */
    private record Generation(long logNumber, Boundary since) {}

    /**
     * A place in the log behind one of the folder's pages.
     *
     * @param logNumber of that page's entry
     * @param inEntry the folder's pages in that entry with their places, later ones too
     * @param last the place of the page
     */
    private record Boundary(long logNumber, Map<PageId, Integer> inEntry, int last) {
        static final Boundary BEGINNING = new Boundary(0, Map.of(), 0);

        boolean isAfter(long number, PageId page) {
            return number < logNumber || (number == logNumber && inEntry.getOrDefault(page, Integer.MAX_VALUE) <= last);
        }
    }

    private static final class Folder {
        private final List<Generation> generations = new ArrayList<>();
        private long entry;
        private Map<PageId, Integer> inEntry = new HashMap<>();
        private Boundary sinceSync = Boundary.BEGINNING;

        /** Where the generation reaches back to that has not come to its end. */
        private @Nullable Boundary begun;

        int placeOf(long logNumber, PageId page) {
            if (entry != logNumber) {
                entry = logNumber;
                inEntry = new HashMap<>();
            }
            int place = inEntry.size();
            inEntry.put(page, place);
            return place;
        }
    }
}
