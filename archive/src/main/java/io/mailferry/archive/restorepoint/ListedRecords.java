package io.mailferry.archive.restorepoint;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records that are in memory. */
final class ListedRecords<T> implements Records<T> {
    private final Iterator<T> values;

    ListedRecords(List<T> values) {
        this.values = values.iterator();
    }

    @Override
    public @Nullable T next() {
        return values.hasNext() ? values.next() : null;
    }

    @Override
    public void close() {}
}
