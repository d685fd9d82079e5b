package io.mailferry.archive.restorepoint;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What reading a mailbox may take.
 *
 * @param scratch where sealed segments lie while they are read
 * @param scratchBytesMax of them together, for one mailbox; about the size of its index
 * @param openMax segments open at a time, each with some hundred kilobytes of heap
 * @param sortBytesMax heap for sorting, before the rest goes to scratch
 * @param stretchBytesMax how much of a pack one ranged GET asks for, unless one item is larger
 * @param gapBytesMax bytes between two items that are read over rather than asked for separately
 * @param triesMax how often one object is asked for while the store fails
 * @param pause after the first failure; doubled after each further one
 */
public record ReadLimits(
        Path scratch,
        long scratchBytesMax,
        int openMax,
        long sortBytesMax,
        long stretchBytesMax,
        long gapBytesMax,
        int triesMax,
        Duration pause) {
    private static final long MIB = 1024L * 1024;

    /** Limits that suit a heap of 256 MiB. */
    public static ReadLimits in(Path scratch) {
        return new ReadLimits(scratch, 4096 * MIB, 24, 8 * MIB, 32 * MIB, MIB / 4, 6, Duration.ofMillis(250));
    }
}
