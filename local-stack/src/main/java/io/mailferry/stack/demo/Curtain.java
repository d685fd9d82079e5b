package io.mailferry.stack.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, of which one thread can take hold for good, so that what it says last stays the last. What is written
 * is seen when it is flushed: a picture of several lines is seen whole or not at all.
 */
final class Curtain extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream unseen = new ByteArrayOutputStream();
    private @Nullable Thread holder;

    Curtain(OutputStream out) {
        this.out = out;
    }

    /** From now on only what the calling thread writes is seen. */
    synchronized void hold() {
        unseen.reset();
        holder = Thread.currentThread();
    }

    @Override
    public synchronized void write(int b) {
        if (isSeen()) {
            unseen.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (isSeen()) {
            unseen.write(bytes, offset, length);
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (isSeen()) {
            unseen.writeTo(out);
            unseen.reset();
            out.flush();
        }
    }

    private boolean isSeen() {
        return holder == null || holder == Thread.currentThread();
    }
}
