package io.mailferry.archive.restorepoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Several sorted sources as one. Equal records come in the order of their sources. */
final class MergedRecords<T> implements Records<T> {
    private final List<Records<T>> sources;
    private final PriorityQueue<Head<T>> heads;

    /** Closes the sources when it is closed, and also when it cannot be made. */
    MergedRecords(List<Records<T>> sources, Comparator<T> order) throws IOException {
        this.sources = new ArrayList<>(sources);
        this.heads = new PriorityQueue<>(
                Math.max(1, sources.size()),
                Comparator.comparing((Head<T> head) -> head.value, order).thenComparingInt(head -> head.source));
        try {
            for (int source = 0; source < sources.size(); source++) {
                advance(source);
            }
        } catch (IOException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    @Override
    public @Nullable T next() throws IOException {
        Head<T> least = heads.poll();
        if (least == null) {
            return null;
        }
        advance(least.source);
        return least.value;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Records<T> source : sources) {
            try {
                source.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void advance(int source) throws IOException {
        T value = sources.get(source).next();
        if (value != null) {
            heads.add(new Head<>(value, source));
        }
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private record Head<T>(T value, int source) {}
}
