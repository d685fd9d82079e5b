package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.store.MailboxPlace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The first half of a verification: folds the index, opens every header that it bears, counts, and sorts what is to be
 * read from packs by where it lies there.
 */
final class IndexPass {
    private final MailboxPlace place;
    private final ItemOpener opener;
    private final Damages damages;
    private final Tally tally;
    private final ExternalSort<Version> toRead;
    private final Map<Long, String> segmentsByEntry;

    /** @param segmentsByEntry the name of a segment of each log entry, to name where a damaged header lies */
    IndexPass(
            MailboxPlace place,
            ItemOpener opener,
            Damages damages,
            Tally tally,
            ExternalSort<Version> toRead,
            Map<Long, String> segmentsByEntry) {
        this.place = place;
        this.opener = opener;
        this.damages = damages;
        this.tally = tally;
        this.toRead = toRead;
        this.segmentsByEntry = segmentsByEntry;
    }

    void run(Fold fold, VerificationProgress progress) throws IOException {
        for (ItemAtPoint item = fold.next(); item != null; item = fold.next()) {
            if (progress.stopped()) {
                throw new StoreReads.StoppedByCaller();
            }
            tally.add(item);
            switch (item) {
                case ItemAtPoint.Live live -> {
                    check(live.version());
                    long logNumber = live.version().logNumber();
                    if (live.readFlag().isPresent()) {
                        check(new Version(logNumber, live.readFlag().get()));
                    }
                    if (live.skip().isPresent()) {
                        check(new Version(logNumber, live.skip().get()));
                    }
                }
                case ItemAtPoint.OnlySkipped skipped -> check(skipped.version());
                case ItemAtPoint.Folder folder -> check(folder.version());
            }
        }
    }

    private void check(Version version) throws IOException {
        IndexEntry entry = version.entry();
        if (!readable(entry.extents())) {
            damages.item(segment(version), entry.item(), DamageCause.INDEX_INCONSISTENT);
            return;
        }
        if (!entry.header().isEmpty()) {
            try {
                byte[] json =
                        opener.header(entry.kind(), entry.item(), entry.page(), entry.contentId(), entry.header());
                HeaderCheck.check(opener, entry.kind(), json, entry.item(), entry.folder());
            } catch (Damaged e) {
                damages.item(segment(version), entry.item(), DamageCause.of(e.damage()));
            }
        }
        toRead.add(withoutHeader(version));
    }

    private static boolean readable(List<Extent> extents) {
        return !extents.isEmpty() && extents.stream().allMatch(extent -> extent.position() >= 0 && extent.length() > 0);
    }

    private String segment(Version version) {
        return segmentsByEntry.getOrDefault(version.logNumber(), place.logEntry(version.logNumber()));
    }

    private static Version withoutHeader(Version version) {
        IndexEntry entry = version.entry();
        return new Version(
                version.logNumber(),
                new IndexEntry(
                        entry.item(),
                        entry.folder(),
                        entry.kind(),
                        entry.ordinal(),
                        entry.page(),
                        entry.contentId(),
                        entry.extents(),
                        List.of(),
                        entry.parts(),
                        entry.sealedBytes(),
                        entry.cause()));
    }
}
