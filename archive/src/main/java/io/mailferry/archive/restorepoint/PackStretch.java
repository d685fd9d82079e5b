package io.mailferry.archive.restorepoint;

import io.mailferry.archive.pack.Extent;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** A stretch of a pack, read once from its beginning, handing out one extent after the other. */
final class PackStretch implements Closeable {
    private final InputStream in;
    private long position;

    /** @param position of the stream's first byte in the pack */
    PackStretch(InputStream in, long position) {
        this.in = in;
        this.position = position;
    }

    /** The extent's bytes; what lies before is read over, also what was left unread of the extent before. */
    InputStream extent(Extent extent) throws IOException {
        if (extent.position() < position) {
            throw new IllegalStateException("extents are read in their order");
        }
        while (position < extent.position()) {
            long skipped = in.skip(extent.position() - position);
            if (skipped <= 0) {
                if (in.read() < 0) {
                    break;
                }
                skipped = 1;
            }
            position += skipped;
        }
        return new ExtentBytes(extent.length());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Ends where the extent ends; closing it leaves the stretch open. */
    private final class ExtentBytes extends InputStream {
        private long left;

        ExtentBytes(long length) {
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int taken = in.read(to, offset, (int) Math.min(count, left));
            if (taken > 0) {
                left -= taken;
                position += taken;
            }
            return taken;
        }
    }
}
