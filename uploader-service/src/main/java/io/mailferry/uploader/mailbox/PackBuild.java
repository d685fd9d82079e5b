package io.mailferry.uploader.mailbox;

import io.mailferry.archive.log.PackRef;
import io.mailferry.archive.pack.PackContents;
import io.mailferry.archive.pack.PackWriter;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.uploader.bucket.PatientStore;
import io.mailferry.uploader.bucket.StoreGaveUp;
import io.mailferry.uploader.scratch.ScratchSpace;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The packs of one mailbox: the one being written, and those being put. A full pack is put in the background while the
 * next is written. For one thread; the putting runs beside it.
 */
final class PackBuild {
    private static final Logger LOG = Logger.getLogger(PackBuild.class);

    /** What the head of a pack takes, counted with its first part. */
    private static final long HEAD_BYTES = 4_096;

    private static final int PUTS_MAX = 2;

    private final MailboxPlace place;
    private final MailboxSettings settings;
    private final PatientStore store;
    private final ScratchSpace scratch;
    private final ExecutorService putting;
    private final MeterRegistry meters;
    private final List<Put> puts = new ArrayList<>();
    private @Nullable Open open;
    private @Nullable RunBuild run;

    PackBuild(
            MailboxPlace place,
            MailboxSettings settings,
            PatientStore store,
            ScratchSpace scratch,
            ExecutorService putting,
            MeterRegistry meters) {
        this.place = place;
        this.settings = settings;
        this.store = store;
        this.scratch = scratch;
        this.putting = putting;
        this.meters = meters;
    }

    /** Appends a part to the run's extent, in a new pack if this one is full. */
    void append(Part part, RunBuild of) throws IOException, InterruptedException {
        long bytes = part.encodedLength() + PackWriter.BLOCK_OVERHEAD_BYTES;
        run = of;
        if (open != null && open.writer.length() + bytes > settings.packBytes().asLongValue()) {
            roll();
        }
        reserve(bytes);
        Open pack = opened();
        pack.reserved += bytes;
        if (!pack.writer.inExtent()) {
            pack.writer.startExtent();
        }
        pack.writer.append(part);
    }

    /** The run ends, whole or void; its extent with it. */
    void endRun() {
        endExtent();
        run = null;
    }

    long bytes() {
        return open == null ? 0 : open.writer.length();
    }

    /** Closes the pack and starts putting it. An open run goes on in the next one. */
    void roll() throws IOException, InterruptedException {
        Open pack = open;
        if (pack == null) {
            return;
        }
        endExtent();
        PackContents contents = pack.writer.finish();
        open = null;
        try {
            waitForPuts(PUTS_MAX - 1);
        } catch (IOException | InterruptedException | RuntimeException e) {
            // Neither open nor being put, so nobody else would give its scratch back.
            free(pack);
            throw e;
        }
        puts.add(new Put(pack, putting.submit(() -> put(pack, contents))));
    }

    /** Closes the pack and waits for all that are being put; they belong to the next log entry. */
    List<PackRef> settle() throws IOException, InterruptedException {
        roll();
        waitForPuts(0);
        List<PackRef> refs = new ArrayList<>();
        for (Put put : puts) {
            refs.add(put.done.resultNow());
        }
        puts.clear();
        return refs;
    }

    /** Gives up everything: scratch is freed, nothing more is put. */
    void discard() {
        for (Put put : puts) {
            put.done.cancel(true);
            free(put.pack);
        }
        puts.clear();
        run = null;
        Open pack = open;
        open = null;
        if (pack != null) {
            try (PackWriter writer = pack.writer) {
                LOG.debugf("Pack given up: mailboxId=%s bytes=%d", place.mailbox(), writer.length());
            } catch (IOException e) {
                LOG.debugf("Pack not closed: mailboxId=%s", place.mailbox());
            }
            free(pack);
        }
    }

    private Open opened() throws IOException, InterruptedException {
        Open pack = open;
        if (pack == null) {
            reserve(HEAD_BYTES);
            Path file = scratch.file();
            pack = new Open(file, new PackWriter(file), HEAD_BYTES);
            open = pack;
        }
        return pack;
    }

    /** Waits for scratch with nothing of its own held back: what is open is put first. */
    private void reserve(long bytes) throws IOException, InterruptedException {
        if (scratch.take(bytes)) {
            return;
        }
        roll();
        waitForPuts(0);
        if (!scratch.take(bytes, settings.scratchPatience())) {
            throw new StoreGaveUp("ScratchFull");
        }
    }

    private void endExtent() {
        Open pack = open;
        RunBuild current = run;
        if (pack != null && pack.writer.inExtent()) {
            var extent = pack.writer.endExtent();
            if (current != null) {
                current.add(extent);
            }
        }
    }

    private void waitForPuts(int left) throws IOException, InterruptedException {
        int unfinished = (int) puts.stream().filter(put -> !put.done.isDone()).count();
        for (Put put : puts) {
            if (unfinished <= left && !put.done.isDone()) {
                continue;
            }
            unfinished -= put.done.isDone() ? 0 : 1;
            try {
                put.done.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw failure;
                }
                throw new IllegalStateException("a pack could not be put", e.getCause());
            } catch (CancellationException e) {
                throw new InterruptedException("stopped while putting a pack");
            }
        }
    }

    private PackRef put(Open pack, PackContents contents) throws IOException, InterruptedException {
        try {
            String object = place.pack(contents.id());
            store.putPack(() -> {
                store.store().put(object, pack.file, contents.checksums());
                return object;
            });
            meters.counter("mailferry.uploader.packs").increment();
            meters.counter("mailferry.uploader.pack.bytes").increment(contents.bytes());
            return new PackRef(contents.id(), contents.bytes(), contents.sha256(), contents.md5());
        } finally {
            free(pack);
        }
    }

    private void free(Open pack) {
        if (pack.freed.getAndSet(true)) {
            return;
        }
        try {
            scratch.discard(pack.file, pack.reserved);
        } catch (IOException e) {
            LOG.warnf("Scratch file not deleted: mailboxId=%s", place.mailbox());
        }
    }

    private record Put(Open pack, Future<PackRef> done) {}

    private static final class Open {
        private final Path file;
        private final PackWriter writer;
        private final AtomicBoolean freed = new AtomicBoolean();
        private long reserved;

        Open(Path file, PackWriter writer, long reserved) {
            this.file = file;
            this.writer = writer;
            this.reserved = reserved;
        }
    }
}
