package io.mailferry.archive.log;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.contracts.id.PageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Where folders were read anew from an empty sync state. Such a sync names every item that is there, so an item that it
 * does not name was deleted, although nobody said so. That is known only once it has come to the folder's end, maybe
 * attempts later, or never if the folder may no longer be read: a generation counts from the entry in which it ended.
 *
 * <p>A sync that was broken off goes on in a later attempt, which leaves out what it finds stored since the folder's last
 * sync state. So a generation reaches back to the page after that one: what lies in older pages and is not seen again is
 * deleted by the generation.
 */
public final class Generations {
    private static final long NONE = -1;

    private final Map<FolderKey, Folder> folders = new HashMap<>();
    private final Map<PageId, Long> sequences = new HashMap<>();

    /** Takes the next stored page. */
    public void add(long logNumber, PageEnd end) {
        Folder folder = folders.computeIfAbsent(end.folder(), _ -> new Folder());
        long sequence = folder.pages++;
        sequences.put(end.page(), sequence);
        if (end.generation()) {
            folder.begun = folder.firstSinceSync;
        }
        if (end.generationEnd() && folder.begun != NONE) {
            folder.generations.add(new Generation(logNumber, folder.begun));
            folder.begun = NONE;
        }
        if (end.syncEnd()) {
            folder.firstSinceSync = folder.pages;
        }
    }

    /**
     * Which log entry deleted what a page said last of an item.
     *
     * @param before only generations that ended in entries below this number count
     * @return empty if the folder was not read anew to its end since
     */
    public OptionalLong deletionOf(FolderKey folder, PageId page, long before) {
        Folder known = folders.get(folder);
        Long sequence = sequences.get(page);
        if (known == null || sequence == null) {
            return OptionalLong.empty();
        }
        return known.generations.stream()
                .filter(generation -> generation.logNumber < before && generation.firstPage > sequence)
                .mapToLong(generation -> generation.logNumber)
                .findFirst();
    }

    /**
     * @param logNumber of the entry in which it ended
     * @param firstPage sequence number of the folder's first page that counts as seen by it
     */
    private record Generation(long logNumber, long firstPage) {}

    private static final class Folder {
        private final List<Generation> generations = new ArrayList<>();
        private long pages;
        private long firstSinceSync;

        /** First page of the generation that has not come to its end. */
        private long begun = NONE;
    }
}
