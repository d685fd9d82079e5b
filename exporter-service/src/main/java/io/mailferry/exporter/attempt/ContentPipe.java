package io.mailferry.exporter.attempt;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries a content that is too large to hold from the thread that reads it out of Exchange's answer to the one that
 * seals it. At most a few runs are on their way; a slow receiver slows Exchange.
 */
final class ContentPipe extends InputStream {
    private static final byte[] END = new byte[0];
    private static final byte[] BROKEN = new byte[0];

    private final BlockingQueue<byte[]> runs;
    private final Duration silenceMax;
    private byte[] current = END;
    private int position;
    private boolean over;
    private volatile boolean receiverGone;

    /**
     * @param runsMax runs that may be on their way
     * @param silenceMax how long either side waits for the other before it takes it for gone
     */
    record Limits(int runsMax, Duration silenceMax) {}

    ContentPipe(Limits limits) {
        this.runs = new ArrayBlockingQueue<>(limits.runsMax());
        this.silenceMax = limits.silenceMax();
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        put(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    void end() throws IOException {
        put(END);
    }

    /** The content broke off: the receiver gets an exception where its end would be. */
    void breakOff() throws IOException {
        put(BROKEN);
    }

    /** The receiver takes nothing more; the writer need not wait for it. */
    void receiverEnded() {
        receiverGone = true;
        runs.clear();
    }

    private void put(byte[] run) throws IOException {
        try {
            long deadline = System.nanoTime() + silenceMax.toNanos();
            while (!receiverGone && !runs.offer(run, 1, TimeUnit.SECONDS)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("nobody takes the content");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (over) {
            return -1;
        }
        while (position == current.length) {
            byte[] next = take();
            if (next == null || next == BROKEN) {
                throw new IOException("the content broke off");
            }
            if (next == END) {
                over = true;
                return -1;
            }
            current = next;
            position = 0;
        }
        int taken = Math.min(length, current.length - position);
        System.arraycopy(current, position, to, offset, taken);
        position += taken;
        return taken;
    }

    private byte @Nullable [] take() throws IOException {
        try {
            return runs.poll(silenceMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
