package io.mailferry.exporter.attempt;

import io.mailferry.archive.part.SealedItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One large content being sealed by a thread beside the one that reads it. While it runs, the page belongs to that
 * thread; the reader touches it again only after {@link #finish} or {@link #breakOff}.
 */
final class Streamed {
    private final ContentPipe pipe;
    private final FutureTask<SealedItem> sealing;
    private final Thread thread;

    /** Seals what comes out of the pipe. */
    interface Sealing {
        SealedItem seal(InputStream content) throws IOException;
    }

    Streamed(Sealing seal, ContentPipe.Limits limits) {
        this.pipe = new ContentPipe(limits);
        this.sealing = new FutureTask<>(() -> {
            try {
                return seal.seal(pipe);
            } finally {
                pipe.receiverEnded();
            }
        });
        this.thread = Thread.ofVirtual().name("content-sealing").start(sealing);
    }

    /** @throws IOException if the sealing side failed; what follows would be for nothing */
    void write(byte[] bytes, int offset, int length) throws IOException {
        if (sealing.isDone()) {
            finish();
        }
        pipe.write(bytes, offset, length);
    }

    SealedItem finish() throws IOException {
        pipe.end();
        try {
            return sealing.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a content was sealed");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("sealing failed", e.getCause());
        }
    }

    /** Leaves a run without its end on the page, which counts as void. */
    void breakOff() {
        try {
            pipe.breakOff();
            sealing.get();
        } catch (ExecutionException | IOException e) {
            // As wanted: the sealing side met the break.
            return;
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
