package io.mailferry.archive.restorepoint;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Files that live as long as one piece of work, within a budget of bytes. What lies here is sealed as it is in the
 * bucket; only item keys and sizes are in clear. For one thread.
 */
public final class Scratch implements Closeable {
    private static final String PREFIX = "scratch-";
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Path folder;
    private final long bytesMax;
    private final Set<Path> files = new HashSet<>();
    private long bytes;

    /**
     * Makes a folder of its own below the given one.
     *
     * @param bytesMax of all files together
     */
    public Scratch(Path parent, long bytesMax) throws IOException {
        Files.createDirectories(parent);
        this.folder = Files.createDirectory(
                parent.resolve(PREFIX + UUID.randomUUID()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.bytesMax = bytesMax;
    }

    /**
     * Removes what a process that died left behind.
     *
     * @param parent of one process only: another's folders in it would go too
     */
    public static void clear(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        Files.deleteIfExists(file);
                    }
                }
                Files.deleteIfExists(folder);
            }
        }
    }

    /** A name for a new file. */
    Path file() {
        Path file = folder.resolve(Integer.toString(files.size()) + "-" + UUID.randomUUID());
        files.add(file);
        return file;
    }

    /** The stream throws {@link ScratchFull} before the budget is exceeded. */
    OutputStream create(Path file) throws IOException {
        return new BufferedOutputStream(
                new Budgeted(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)),
                BUFFER_BYTES);
    }

    /** Gives the file's bytes back to the budget. */
    void delete(Path file) throws IOException {
        if (files.remove(file) && Files.exists(file)) {
            bytes -= Files.size(file);
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        files.clear();
        Files.deleteIfExists(folder);
    }

    private final class Budgeted extends FilterOutputStream {
        Budgeted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            spend(1);
            out.write(one);
        }

        @Override
        public void write(byte[] from, int offset, int count) throws IOException {
            spend(count);
            out.write(from, offset, count);
        }

        private void spend(int count) throws ScratchFull {
            if (bytes + count > bytesMax) {
                throw new ScratchFull(bytesMax);
            }
            bytes += count;
        }
    }
}
