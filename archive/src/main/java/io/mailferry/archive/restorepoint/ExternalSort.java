package io.mailferry.archive.restorepoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Sorts any number of records in a bounded part of the heap, the rest in scratch files. For one thread. */
final class ExternalSort<T> {
    private final RecordForm<T> form;
    private final SortedRuns<T> runs;
    private final Comparator<T> order;
    private final long heapBytesMax;
    private final List<SortedRuns.Opener<T>> spilled = new ArrayList<>();
    private List<T> inMemory = new ArrayList<>();
    private long heapBytes;

    ExternalSort(Scratch scratch, RecordForm<T> form, Comparator<T> order, int openMax, long heapBytesMax) {
        this.form = form;
        this.order = order;
        this.runs = new SortedRuns<>(scratch, form, order, openMax);
        this.heapBytesMax = heapBytesMax;
    }

    void add(T value) throws IOException {
        inMemory.add(value);
        heapBytes += form.weight(value);
        if (heapBytes >= heapBytesMax) {
            spilled.add(runs.spill(inMemory));
            inMemory = new ArrayList<>();
            heapBytes = 0;
        }
    }

    /** Everything that was added, in order; nothing may be added afterwards. */
    Records<T> sorted() throws IOException {
        inMemory.sort(order);
        if (spilled.isEmpty()) {
            return new ListedRecords<>(inMemory);
        }
        List<SortedRuns.Opener<T>> all = new ArrayList<>(spilled);
        List<T> rest = inMemory;
        all.add(() -> new ListedRecords<>(rest));
        return runs.merge(all);
    }
}
