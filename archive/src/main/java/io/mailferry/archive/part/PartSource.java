package io.mailferry.archive.part;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where parts come from, in order: the extents of a pack, or a list. */
public interface PartSource {
    /** @return the next part, or null after the last */
    @Nullable
    Part next() throws IOException;
}
