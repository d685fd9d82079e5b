package io.mailferry.archive.restorepoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Many sorted sources made into one with few files open at a time: where there are more, groups of them are merged into
 * scratch files first. For one thread.
 */
final class SortedRuns<T> {
    /** Opens a sorted source when its turn comes. */
    interface Opener<T> {
        Records<T> open() throws IOException;

        /** The source was read to its end and is not needed any more. */
        default void discard() throws IOException {}
    }

    private final Scratch scratch;
    private final RecordForm<T> form;
    private final Comparator<T> order;
    private final int openMax;

    /** @param openMax sources open at the same time, at least 2 */
    SortedRuns(Scratch scratch, RecordForm<T> form, Comparator<T> order, int openMax) {
        if (openMax < 2) {
            throw new IllegalArgumentException("merging takes two open sources at least");
        }
        this.scratch = scratch;
        this.form = form;
        this.order = order;
        this.openMax = openMax;
    }

    /** All sources as one. */
    Records<T> merge(List<? extends Opener<T>> sources) throws IOException {
        Deque<Opener<T>> waiting = new ArrayDeque<>(sources);
        while (waiting.size() > openMax) {
            List<Opener<T>> group = new ArrayList<>();
            while (group.size() < openMax) {
                group.add(waiting.removeFirst());
            }
            waiting.addLast(mergedRun(group));
        }
        return open(List.copyOf(waiting));
    }

    /** A source of its own from records that are in memory. */
    Opener<T> spill(List<T> records) throws IOException {
        List<T> sorted = new ArrayList<>(records);
        sorted.sort(order);
        return run(new ListedRecords<>(sorted));
    }

    private Opener<T> mergedRun(List<Opener<T>> group) throws IOException {
        Opener<T> merged;
        try (Records<T> records = open(group)) {
            merged = run(records);
        }
        for (Opener<T> source : group) {
            source.discard();
        }
        return merged;
    }

    private Opener<T> run(Records<T> records) throws IOException {
        Path file = scratch.file();
        RunFile.write(scratch, file, form, records);
        return new Opener<>() {
            @Override
            public Records<T> open() throws IOException {
                return new RunFile<>(file, form);
            }

            @Override
            public void discard() throws IOException {
                scratch.delete(file);
            }
        };
    }

    private Records<T> open(List<Opener<T>> group) throws IOException {
        List<Records<T>> opened = new ArrayList<>();
        try {
            for (Opener<T> source : group) {
                opened.add(source.open());
            }
        } catch (IOException | RuntimeException e) {
            for (Records<T> records : opened) {
                records.close();
            }
            throw e;
        }
        return new MergedRecords<>(opened, order);
    }
}
