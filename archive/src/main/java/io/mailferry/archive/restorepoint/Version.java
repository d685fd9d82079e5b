package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import java.util.Comparator;

/**
 * What one log entry says of one item.
 *
 * @param logNumber of the entry that stored the page
 */
public record Version(long logNumber, IndexEntry entry) {
    /** By item, and for one item from the oldest to the newest. */
    static final Comparator<Version> ORDER = Comparator.comparing(
                    (Version version) -> version.entry().item())
            .thenComparingLong(Version::logNumber)
            .thenComparingLong(version -> version.entry().ordinal());
}
