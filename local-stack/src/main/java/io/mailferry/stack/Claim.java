package io.mailferry.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What only one process may do at a time: it holds a file locked while it does it, and the file names it to the others.
 * The system ends the claim with the process, however that ends.
 */
public final class Claim implements AutoCloseable {
    private static final int TEXT_BYTES_MAX = 100;
    /** Keeps claims reachable: a channel that nobody refers to is closed by its cleaner, and its lock goes with it. */
    private static final Set<Claim> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private Claim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * @param refusal the sentence to say when another process has the claim; its number is added
     * @throws StackFailure if another process has it
     */
    public static Claim take(Path file, String refusal) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                String holder = KnownProcess.parse(read(channel))
                        .map(process -> " (process " + process.pid() + ")")
                        .orElse("");
                channel.close();
                throw new StackFailure(refusal + holder + ".");
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(KnownProcess.current().text().getBytes(StandardCharsets.UTF_8)), 0);
            Claim claim = new Claim(file, channel);
            HELD.add(claim);
            return claim;
        } catch (FileAlreadyExistsException e) {
            throw new StackFailure("A file is where a folder is needed: " + e.getFile(), e);
        } catch (IOException e) {
            throw new StackFailure(file + " cannot be locked: " + e.getMessage(), e);
        }
    }

    /** The process that has the claim. Takes nothing, so that asking never stands in another's way. */
    static Optional<ProcessHandle> holder(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return KnownProcess.parse(read(channel)).flatMap(KnownProcess::alive);
        } catch (IOException e) {
            throw new StackFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** May be called again, also by the thread that closes everything when the JVM ends. */
    @Override
    public synchronized void close() {
        HELD.remove(this);
        try {
            if (channel.isOpen()) {
                channel.truncate(0);
                channel.close();
            }
        } catch (IOException e) {
            throw new StackFailure("The lock " + file + " cannot be released.", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(TEXT_BYTES_MAX);
        int read = channel.read(text, 0);
        return read <= 0 ? "" : new String(text.array(), 0, read, StandardCharsets.UTF_8);
    }
}
