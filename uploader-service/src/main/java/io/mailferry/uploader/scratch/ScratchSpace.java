package io.mailferry.uploader.scratch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The scratch folder and its budget, shared by all mailboxes. */
public final class ScratchSpace {
    private final Path folder;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private long used;

    private ScratchSpace(Path folder, long bytesMax) {
        this.folder = folder;
        this.bytesMax = bytesMax;
    }

    /** Takes the folder over and deletes what a crash left in it. */
    public static ScratchSpace open(Path folder, long bytesMax) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<Path> left;
        try (Stream<Path> files = Files.walk(folder)) {
            left = files.filter(file -> !file.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : left) {
            Files.deleteIfExists(file);
        }
        return new ScratchSpace(folder, bytesMax);
    }

    /** The name of a new file. */
    public Path file() {
        return folder.resolve("pack-" + UUID.randomUUID());
    }

    /** For index segments while a restore point is counted; outside the budget, with limits of its own. */
    public Path folder() {
        return folder;
    }

    /** @return whether the bytes are the caller's now */
    public boolean take(long bytes) {
        lock.lock();
        try {
            if (used + bytes > bytesMax) {
                return false;
            }
            used += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the bytes; whoever waits should hold none. */
    public boolean take(long bytes, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (used + bytes > bytesMax) {
                if (left <= 0) {
                    return false;
                }
                left = released.awaitNanos(left);
            }
            used += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void giveBack(long bytes) {
        lock.lock();
        try {
            used -= bytes;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** Whether so little is left that packs should be closed before they are full. */
    public boolean scarce() {
        return used() > bytesMax / 4 * 3;
    }

    /** Deletes a file and gives its bytes back. */
    public void discard(Path file, long bytes) throws IOException {
        try {
            Files.deleteIfExists(file);
        } finally {
            giveBack(bytes);
        }
    }
}
