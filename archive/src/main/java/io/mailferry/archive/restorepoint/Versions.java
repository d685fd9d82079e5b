package io.mailferry.archive.restorepoint;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Versions in the order of {@link Version#ORDER}. */
public interface Versions extends Closeable {
    /** @return the next version, or null after the last */
    @Nullable Version next() throws IOException;
}
