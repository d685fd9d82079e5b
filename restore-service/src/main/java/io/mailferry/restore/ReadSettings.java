package io.mailferry.restore;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** What reading a mailbox from the bucket may take. */
@ConfigMapping(prefix = "mailferry.read")
public interface ReadSettings {
    /**
     * Where sealed index segments lie while they are read. Each process needs one of its own: at start it removes what a
     * process that died left there.
     */
    Path scratchDirectory();

    /** Scratch for one mailbox: about the size of its index, twice that while many segments are merged. */
    @WithDefault("4G")
    MemorySize scratchMax();

    /** Segments open at a time, each with some hundred kilobytes of heap. */
    @WithDefault("24")
    int openMax();

    /** Heap for sorting, before the rest goes to scratch. */
    @WithDefault("8M")
    MemorySize sortMax();

    /** How much of a pack one ranged GET asks for, unless one item is larger. */
    @WithDefault("32M")
    MemorySize stretchMax();

    /** Bytes between two items that are read over rather than asked for separately. */
    @WithDefault("256K")
    MemorySize gapMax();

    /** How often one object is asked for while the store fails. */
    @WithDefault("6")
    int triesMax();

    /** Pause after the first failure; doubled after each further one. */
    @WithDefault("PT0.25S")
    Duration pause();

    /** How many damages a finding names; all are counted. */
    @WithDefault("100")
    int namedDamagesMax();
}
