package io.mailferry.archive.pack;

import io.mailferry.archive.part.AvroBytes;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartSource;
import io.mailferry.archive.part.Sha256;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of an item from its extents, one after the other, without the packs' file headers. Each extent's
 * length and checksum are compared when its end is reached, so it must be read until there is no further part.
 */
public final class ExtentReader implements PartSource, Closeable {
    private static final int SYNC_BYTES = 16;
    private static final long BLOCK_BYTES_MAX = 4L * 1024 * 1024;

    private final Iterator<Extent> extents;
    private final Opener opener;
    private final MessageDigest sha256 = Sha256.digest();
    private @Nullable Extent extent;
    private @Nullable InputStream in;
    private byte @Nullable [] sync;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private long recordsLeft;
    private long bytesLeft;

    /** Opens the bytes of an extent, by a ranged GET. */
    public interface Opener {
        InputStream open(Extent extent) throws IOException;
    }

    public ExtentReader(List<Extent> extents, Opener opener) {
        this.extents = extents.iterator();
        this.opener = opener;
    }

    @Override
    public @Nullable Part next() throws IOException {
        while (recordsLeft == 0) {
            if (bytesLeft == 0 && !nextExtent()) {
                return null;
            }
            readBlock();
        }
        recordsLeft--;
        return nextRecord();
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
    }

    private boolean nextExtent() throws IOException {
        if (extent != null && !Sha256.hex(sha256).equals(extent.sha256())) {
            throw new Damaged(Damage.CHECKSUM_MISMATCH, "extent at " + extent.position() + " of pack " + extent.pack());
        }
        close();
        extent = null;
        if (!extents.hasNext()) {
            return false;
        }
        Extent next = extents.next();
        extent = next;
        in = opener.open(next);
        sync = null;
        sha256.reset();
        bytesLeft = next.length();
        return true;
    }

    private void readBlock() throws IOException {
        recordsLeft = readLong();
        long size = readLong();
        if (recordsLeft < 0 || size < 0 || size > BLOCK_BYTES_MAX || size + SYNC_BYTES > bytesLeft) {
            throw damaged(Damage.MALFORMED, "block");
        }
        block = ByteBuffer.wrap(readBytes((int) size));
        byte[] mark = readBytes(SYNC_BYTES);
        if (sync != null && !Arrays.equals(sync, mark)) {
            throw damaged(Damage.MALFORMED, "sync marker");
        }
        sync = mark;
    }

    /** One record to a block is what we write; with several, a record's end is known only by reading it. */
    private Part nextRecord() throws IOException {
        if (recordsLeft == 0) {
            return Part.readBody(block.array(), block.position(), block.remaining());
        }
        int length = Part.bodyLength(block.array(), block.position(), block.remaining());
        Part part = Part.readBody(block.array(), block.position(), length);
        block.position(block.position() + length);
        return part;
    }

    private long readLong() throws IOException {
        byte[] bytes = new byte[10];
        int count = 0;
        do {
            if (count == bytes.length) {
                throw damaged(Damage.MALFORMED, "number");
            }
            bytes[count] = readBytes(1)[0];
        } while (bytes[count++] < 0);
        return AvroBytes.readLong(ByteBuffer.wrap(bytes, 0, count));
    }

    private byte[] readBytes(int count) throws IOException {
        if (in == null || count > bytesLeft) {
            throw damaged(Damage.TRUNCATED, "block");
        }
        byte[] bytes;
        try {
            bytes = in.readNBytes(count);
        } catch (EOFException e) {
            throw damaged(Damage.TRUNCATED, "extent");
        }
        if (bytes.length < count) {
            throw damaged(Damage.TRUNCATED, "extent");
        }
        sha256.update(bytes);
        bytesLeft -= count;
        return bytes;
    }

    private Damaged damaged(Damage damage, String what) {
        Extent at = extent;
        return new Damaged(
                damage, what + (at == null ? "" : " in the extent at " + at.position() + " of pack " + at.pack()));
    }
}
