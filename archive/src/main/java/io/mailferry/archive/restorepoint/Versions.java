package io.mailferry.archive.restorepoint;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The versions of all items of a mailbox: by item, and for one item from the oldest to the newest. */
public interface Versions extends Closeable {
    /** @return the next version, or null after the last */
    @Nullable
    Version next() throws IOException;
}
