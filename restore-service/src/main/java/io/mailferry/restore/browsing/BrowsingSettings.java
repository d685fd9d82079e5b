package io.mailferry.restore.browsing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be looked up in the bucket beside verification. */
@ConfigMapping(prefix = "mailferry.browsing")
public interface BrowsingSettings {
    /**
     * How many callers at a time are told the skipped items of a restore point. Each needs scratch space of its own and
     * some megabytes of heap.
     */
    @WithDefault("2")
    int skippedItemsAtOnce();

    /** How long a caller waits for its turn before it is asked to come back later. */
    @WithDefault("PT5S")
    Duration skippedItemsWait();

    /** Skipped items in one answer, at most; each costs about a kilobyte of heap while it is looked for. */
    @WithDefault("1000")
    int skippedItemsMax();

    /** How many callers at a time are told a mailbox's restore points; each reads its log from the beginning. */
    @WithDefault("4")
    int restorePointsAtOnce();

    /** How long a caller waits for its turn at the restore points before it is asked to come back later. */
    @WithDefault("PT5S")
    Duration restorePointsWait();
}
