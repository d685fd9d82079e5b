package io.mailferry.archive.restorepoint;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Records one after the other, in an order that is known to who reads them. */
interface Records<T> extends Closeable {
    /** @return the next record, or null after the last */
    @Nullable
    T next() throws IOException;
}
