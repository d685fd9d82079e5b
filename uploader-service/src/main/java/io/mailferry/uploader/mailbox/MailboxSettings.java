package io.mailferry.uploader.mailbox;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How one mailbox's parts become packs and log entries. */
@ConfigMapping(prefix = "mailferry.mailbox")
public interface MailboxSettings {
    /** A pack is closed before it grows over this. Larger packs mean fewer requests, and more memory on some servers. */
    @WithDefault("64M")
    MemorySize packBytes();

    /** A whole page is recorded at the latest after this time. Shorter frees the exporter's window earlier. */
    @WithDefault("2s")
    Duration flushAfter();

    /** Heap for the index entries of one mailbox's pages before they are recorded. */
    @WithDefault("4M")
    MemorySize indexBytesMax();

    /** Heap for parts that one mailbox has been given and not yet handled; more pauses its partition. */
    @WithDefault("4M")
    MemorySize queueBytesMax();

    /** An attempt with a page begun and nothing sent for so long is closed, and its parts are dropped. */
    @WithDefault("30m")
    Duration silence();

    /** How long parts wait for scratch space before the attempt is refused. */
    @WithDefault("5m")
    Duration scratchPatience();

    /**
     * A mailbox with nothing to do is forgotten after this time, or at once if another needs its place; its log is read
     * again when parts come.
     */
    @WithDefault("1m")
    Duration idleAfter();

    /** Disk for index segments while the items of a restore point are counted. */
    @WithDefault("4G")
    MemorySize countingBytesMax();

    /** Restore points counted at a time, at least 1; each needs some megabytes of heap, more the longer the log is. */
    @WithDefault("4")
    int countingMax();
}
