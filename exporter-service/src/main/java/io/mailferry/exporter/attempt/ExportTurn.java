package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.PageId;
import io.mailferry.exporter.slot.ServerPace;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One worker's turn with a mailbox as others see it: how far it is, what it noticed, and the wish that it stop.
 * Thread-safe: the worker writes, the lease's keeper reads.
 */
public final class ExportTurn {
    private final boolean tenantHasArchive;
    private final AtomicLong items = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong bytes;
    private final AtomicLong expectedItems = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicBoolean stored = new AtomicBoolean();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<@Nullable String> place = new AtomicReference<>();
    private final AtomicReference<@Nullable ExchangeBuild> build = new AtomicReference<>();
    private final Set<CoverageGap> gaps = EnumSet.noneOf(CoverageGap.class);
    private final ServerPace pace = new ServerPace();

    /**
     * @param bytes read in earlier turns with the same job
     * @param tenantHasArchive whether a mailbox of the same tenant was ever exported to its end
     */
    public ExportTurn(long bytes, boolean tenantHasArchive) {
        this.bytes = new AtomicLong(bytes);
        this.tenantHasArchive = tenantHasArchive;
    }

    public boolean tenantHasArchive() {
        return tenantHasArchive;
    }

    /** @param inLog items that the log has already; {@code expected} what Exchange counts */
    void begins(long inLog, long expected) {
        items.set(inLog);
        expectedItems.set(expected);
        skipped.set(0);
    }

    void itemSent(boolean isNew, long plainBytes) {
        sent.incrementAndGet();
        if (isNew) {
            items.incrementAndGet();
        }
        bytes.addAndGet(plainBytes);
    }

    void itemDeleted() {
        items.updateAndGet(count -> Math.max(0, count - 1));
    }

    void itemSkipped() {
        skipped.incrementAndGet();
    }

    /** The archive has grown by this turn. */
    void pageStored() {
        stored.set(true);
    }

    /**
     * The turn goes on in this folder.
     *
     * @param syncPage with the sync state from which the folder is read; null if it is read from the start
     */
    void reaches(FolderKey folder, @Nullable PageId syncPage) {
        place.set(folder + "/" + (syncPage == null ? "start" : syncPage));
    }

    /** Every folder was read; what is left is to end the attempt. */
    void reachesEnd() {
        place.set("end");
    }

    void observed(ExchangeBuild observed) {
        build.set(observed);
    }

    synchronized void gap(CoverageGap gap) {
        gaps.add(gap);
    }

    /** Asks the worker to stop at the next good moment. */
    public void stop() {
        stop.set(true);
    }

    /** @throws AttemptFailure if the worker is to stop */
    void check() {
        if (stop.get() || Thread.currentThread().isInterrupted()) {
            throw AttemptFailure.stopped();
        }
    }

    public boolean isStopping() {
        return stop.get();
    }

    /** The worker has finished with it; whoever still keeps its lease finds it gone, and rightly. */
    public void end() {
        ended.set(true);
    }

    public boolean hasEnded() {
        return ended.get();
    }

    public long items() {
        return items.get();
    }

    /** Items sent in this turn, new ones and updates. */
    public long sent() {
        return sent.get();
    }

    public long bytes() {
        return bytes.get();
    }

    public long expectedItems() {
        return expectedItems.get();
    }

    public long skipped() {
        return skipped.get();
    }

    /** Whether the archive has grown by this turn: then a failure was not in vain. */
    public boolean hasStored() {
        return stored.get();
    }

    /**
     * Where in the mailbox the turn is: equal for two turns if they are in the same folder and began it with the same
     * sync state, so that the second got no further than the first. Names no content. Null before the first folder.
     */
    public @Nullable String place() {
        return place.get();
    }

    public @Nullable ExchangeBuild build() {
        return build.get();
    }

    /** The gaps that were found since the last call. */
    public synchronized Set<CoverageGap> takeGaps() {
        Set<CoverageGap> taken = Set.copyOf(gaps);
        gaps.clear();
        return taken;
    }

    public ServerPace pace() {
        return pace;
    }
}
