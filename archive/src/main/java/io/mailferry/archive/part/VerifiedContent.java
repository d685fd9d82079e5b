package io.mailferry.archive.part;

import com.github.luben.zstd.ZstdIOException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** Counts and digests what passes, and at the end compares both with what was sealed with the content. */
final class VerifiedContent extends FilterInputStream {
    private final Trailer trailer;
    private final MessageDigest sha256 = Sha256.digest();
    private long length;
    private boolean compared;

    VerifiedContent(InputStream in, Trailer trailer) {
        super(in);
        this.trailer = trailer;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        int taken;
        try {
            taken = in.read(to, offset, count);
        } catch (ZstdIOException e) {
            throw new Damaged(Damage.MALFORMED, "content that does not decompress");
        }
        if (taken < 0) {
            compare();
            return taken;
        }
        sha256.update(to, offset, taken);
        length += taken;
        return taken;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(count, 8_192)];
        int taken = read(passed, 0, passed.length);
        return Math.max(taken, 0);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void compare() throws IOException {
        if (compared) {
            return;
        }
        compared = true;
        ByteBuffer expected = ByteBuffer.wrap(trailer.bytes());
        long expectedLength = expected.getLong();
        byte[] expectedDigest = new byte[32];
        expected.get(expectedDigest);
        if (expectedLength != length || !Arrays.equals(expectedDigest, sha256.digest())) {
            throw new Damaged(Damage.CONTENT_MISMATCH, "the content is not what was sealed");
        }
    }

    interface Trailer {
        byte[] bytes() throws IOException;
    }
}
