package io.mailferry.stack.demo;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Standard output, of which one thread can take hold for good, so that what it says last stays the last. */
final class Curtain extends OutputStream {
    private final OutputStream out;
    private @Nullable Thread holder;

    Curtain(OutputStream out) {
        this.out = out;
    }

    /** From now on only what the calling thread writes is seen. */
    synchronized void hold() {
        holder = Thread.currentThread();
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (isSeen()) {
            out.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (isSeen()) {
            out.write(bytes, offset, length);
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (isSeen()) {
            out.flush();
        }
    }

    private boolean isSeen() {
        return holder == null || holder == Thread.currentThread();
    }
}
