package io.mailferry.exchange.connection;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer within their bounds. Remembers why reading broke off, since XML readers wrap the cause: a cut
 * connection is repeated, damaged XML is an item's fault.
 */
final class AnswerStream extends FilterInputStream {

    private final Clock clock;
    private final Instant deadline;
    private long remaining;
    private @Nullable IOException broken;
    private boolean tooLarge;

    AnswerStream(InputStream answer, Clock clock, Instant deadline, long bytesMax) {
        super(answer);
        this.clock = clock;
        this.deadline = deadline;
        this.remaining = bytesMax;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            if (clock.instant().isAfter(deadline)) {
                throw new IOException("the answer took too long");
            }
            int read = super.read(target, offset, length);
            remaining -= Math.max(0, read);
            if (remaining < 0) {
                tooLarge = true;
                throw new IOException("the answer is too large");
            }
            return read;
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    @Nullable
    IOException broken() {
        return broken;
    }

    boolean tooLarge() {
        return tooLarge;
    }
}
