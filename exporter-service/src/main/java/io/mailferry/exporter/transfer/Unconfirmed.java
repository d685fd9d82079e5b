package io.mailferry.exporter.transfer;

import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.PartSink;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.upload.UploadProgress;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One attempt's parts on their way. Pages are confirmed by progress events or by the log, whichever comes first, and
 * their bytes leave the window then. Thread-safe: the attempt sends and waits, events arrive from elsewhere.
 */
public final class Unconfirmed implements PartSink, AutoCloseable {
    private final AttemptPlace place;
    private final Way way;
    private final AtomicLong processBytes;
    private final long mailboxBytesMax;
    private final long processBytesMax;
    private final Runnable onStored;
    private final Runnable onClose;
    private final Map<PageId, Long> pages = new HashMap<>();
    /** Confirmed between sending a page's end and saying so here. */
    private final Set<PageId> storedEarly = new HashSet<>();

    private long pageBytes;
    private long bytes;
    private long signals;
    private boolean opened;
    private boolean recorded;
    private boolean lost;
    private Optional<UploadProgress.Refusal> refusal = Optional.empty();

    /** How a part leaves: the item topic. */
    interface Way {
        void send(MailboxId mailbox, byte[] encoded, Unconfirmed attempt) throws IOException;
    }

    Unconfirmed(
            AttemptPlace place,
            Way way,
            AtomicLong processBytes,
            long mailboxBytesMax,
            long processBytesMax,
            Runnable onStored,
            Runnable onClose) {
        this.place = place;
        this.way = way;
        this.processBytes = processBytes;
        this.mailboxBytesMax = mailboxBytesMax;
        this.processBytesMax = processBytesMax;
        this.onStored = onStored;
        this.onClose = onClose;
    }

    @Override
    public void send(byte[] encoded) throws IOException {
        synchronized (this) {
            if (lost) {
                throw new IOException("a part was not acknowledged");
            }
            if (refusal.isPresent()) {
                throw new IOException("the attempt was refused");
            }
            pageBytes += encoded.length;
            bytes += encoded.length;
        }
        processBytes.addAndGet(encoded.length);
        way.send(place.mailbox(), encoded, this);
    }

    /** What was sent since the last page ended belongs to this page. */
    public synchronized void pageEnded(PageId page) {
        pages.put(page, pageBytes);
        pageBytes = 0;
        if (storedEarly.remove(page)) {
            stored(page);
        }
    }

    /** The log names this page. */
    public synchronized void stored(PageId page) {
        Long stored = pages.remove(page);
        if (stored == null) {
            storedEarly.add(page);
        } else {
            bytes -= stored;
            processBytes.addAndGet(-stored);
            onStored.run();
            signal();
        }
    }

    public synchronized void refused(UploadProgress.Refusal reason) {
        refusal = Optional.of(reason);
        signal();
    }

    /** The parts of begin and end confirm themselves by what follows from them. */
    public synchronized void opened() {
        if (!opened) {
            opened = true;
            settlePageless();
        }
    }

    public synchronized void recorded() {
        if (!recorded) {
            recorded = true;
            settlePageless();
        }
    }

    private void settlePageless() {
        bytes -= pageBytes;
        processBytes.addAndGet(-pageBytes);
        pageBytes = 0;
        signal();
    }

    synchronized void lost() {
        lost = true;
        signal();
    }

    void on(UploadProgress progress) {
        switch (progress) {
            case UploadProgress.AttemptOpened _ -> opened();
            case UploadProgress.PagesStored event -> event.pages().forEach(this::stored);
            case UploadProgress.PageRefused event -> refused(event.reason());
            case UploadProgress.PartsRefused event -> refused(event.reason());
            case UploadProgress.RestorePointRecorded _ -> recorded();
        }
    }

    private void signal() {
        signals++;
        notifyAll();
    }

    public synchronized boolean hasRoom() {
        return bytes <= mailboxBytesMax && processBytes.get() <= processBytesMax;
    }

    public synchronized boolean isOpened() {
        return opened;
    }

    public synchronized boolean isRecorded() {
        return recorded;
    }

    /** Whether a part was not acknowledged by the broker: the attempt cannot become whole any more. */
    public synchronized boolean isLost() {
        return lost;
    }

    public synchronized Optional<UploadProgress.Refusal> refusal() {
        return refusal;
    }

    /** How many signals there were; to be given to {@link #awaitSignal}. */
    public synchronized long signals() {
        return signals;
    }

    /** Waits for a signal after those seen, or so long. */
    public synchronized void awaitSignal(long seen, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (signals == seen && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    @Override
    public synchronized void close() {
        onClose.run();
        processBytes.addAndGet(-bytes);
        bytes = 0;
        pages.clear();
    }
}
