package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.pack.ExtentReader;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.OpenedItem;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.part.Sha256;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The second half of a verification: reads items from packs in the order in which they lie, many with one ranged GET,
 * and opens every byte of them. Memory does not grow with the size of an item.
 */
final class PackPass {
    /** Where an item begins. */
    static final Comparator<Version> ORDER = Comparator.comparing(
                    (Version version) -> version.entry().extents().getFirst().pack())
            .thenComparingLong(version -> version.entry().extents().getFirst().position());

    private static final int ITEMS_PER_STRETCH_MAX = 4_096;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ObjectStore store;
    private final MailboxPlace place;
    private final ItemOpener opener;
    private final ReadLimits limits;
    private final StoreReads reads;
    private final Damages damages;
    private final VerificationProgress progress;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long items;
    private long bytes;

    PackPass(
            ObjectStore store,
            MailboxPlace place,
            ItemOpener opener,
            ReadLimits limits,
            Damages damages,
            VerificationProgress progress) {
        this.store = store;
        this.place = place;
        this.opener = opener;
        this.limits = limits;
        this.reads = new StoreReads(limits);
        this.damages = damages;
        this.progress = progress;
    }

    /** Items whose every byte was opened. */
    long items() {
        return items;
    }

    /** Bytes of their content. */
    long bytes() {
        return bytes;
    }

    /** @param toRead in {@link #ORDER} */
    void run(Records<Version> toRead) throws IOException {
        Version next = toRead.next();
        while (next != null) {
            List<Version> stretch = new ArrayList<>();
            Extent start = next.entry().extents().getFirst();
            long end = start.position();
            while (next != null && stretch.size() < ITEMS_PER_STRETCH_MAX && joins(next, start, end)) {
                stretch.add(next);
                end = endOf(next);
                next = toRead.next();
            }
            read(stretch, end);
        }
    }

    private boolean joins(Version version, Extent start, long end) {
        Extent extent = version.entry().extents().getFirst();
        boolean near = extent.position() >= end && extent.position() - end <= limits.gapBytesMax();
        boolean fits = endOf(version) - start.position() <= limits.stretchBytesMax();
        return extent.equals(start) && end == start.position() || extent.pack().equals(start.pack()) && near && fits;
    }

    private static long endOf(Version version) {
        Extent extent = version.entry().extents().getFirst();
        return extent.position() + extent.length();
    }

    /** Goes on behind the last finished item when the store fails on the way. */
    private void read(List<Version> stretch, long end) throws IOException {
        int[] finished = {0};
        reads.retried(() -> {
            read(stretch, end, finished);
            return finished;
        });
    }

    private void read(List<Version> stretch, long end, int[] finished) throws IOException {
        Extent first = stretch.get(finished[0]).entry().extents().getFirst();
        String object = place.pack(first.pack());
        Optional<InputStream> found = openOrMissing(object, first.position(), end - first.position());
        if (found.isEmpty()) {
            for (; finished[0] < stretch.size(); finished[0]++) {
                damages.item(object, stretch.get(finished[0]).entry().item(), DamageCause.MISSING_OBJECT);
            }
            return;
        }
        try (PackStretch bytesOfStretch = new PackStretch(found.get(), first.position())) {
            for (; finished[0] < stretch.size(); finished[0]++) {
                verify(stretch.get(finished[0]).entry(), bytesOfStretch);
            }
        }
    }

    private void verify(IndexEntry entry, PackStretch stretch) throws IOException {
        Extent first = entry.extents().getFirst();
        try (ExtentReader parts = new ExtentReader(
                entry.extents(), extent -> extent.equals(first) ? stretch.extent(extent) : open(extent))) {
            long length = readAll(entry, parts);
            if (entry.kind() == Kind.CONTENT) {
                items++;
                bytes += length;
                progress.verified(length);
            }
        } catch (Damaged e) {
            diagnose(entry, e);
        }
    }

    /** @return the bytes of its content */
    private long readAll(IndexEntry entry, ExtentReader parts) throws IOException {
        OpenedItem item = opener.open(parts);
        requireSame(item.label(), entry);
        HeaderCheck.check(opener, entry.kind(), item.header(), entry.item(), entry.folder());
        long length = 0;
        try (InputStream content = item.content()) {
            if (content != null) {
                length = drain(content);
            }
        }
        if (parts.next() != null) {
            throw new Damaged(Damage.OUT_OF_ORDER, "parts behind the last");
        }
        return length;
    }

    private long drain(InputStream content) throws IOException {
        long length = 0;
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            length += count;
            if (progress.stopped()) {
                throw new StoreReads.StoppedByCaller();
            }
        }
        return length;
    }

    private static void requireSame(PartLabel label, IndexEntry entry) throws Damaged {
        boolean same = label.kind() == entry.kind()
                && entry.item().equals(label.item())
                && entry.folder().equals(label.folder())
                && entry.page().equals(label.page())
                && Objects.equals(entry.contentId(), label.contentId());
        if (!same) {
            throw new Damaged(Damage.FOREIGN, "an index entry points to another item");
        }
        if (label.kind() == Kind.REFERENCE) {
            throw new Damaged(Damage.UNSUPPORTED, "references are not read by this version");
        }
    }

    /**
     * Names the damage by its nearest cause: what does not open may simply have other bytes than were recorded, and that
     * says more.
     */
    private void diagnose(IndexEntry entry, Damaged damaged) throws IOException {
        for (Extent extent : entry.extents()) {
            Optional<DamageCause> cause = reads.retried(() -> damageOf(extent));
            if (cause.isPresent()) {
                damages.item(place.pack(extent.pack()), entry.item(), cause.get());
                return;
            }
        }
        damages.item(place.pack(entry.extents().getFirst().pack()), entry.item(), DamageCause.of(damaged.damage()));
    }

    private Optional<DamageCause> damageOf(Extent extent) throws IOException {
        Optional<InputStream> found = openOrMissing(place.pack(extent.pack()), extent.position(), extent.length());
        if (found.isEmpty()) {
            return Optional.of(DamageCause.MISSING_OBJECT);
        }
        MessageDigest sha256 = Sha256.digest();
        try (InputStream in = found.get()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
            }
        }
        return Sha256.hex(sha256).equals(extent.sha256())
                ? Optional.empty()
                : Optional.of(DamageCause.CHECKSUM_MISMATCH);
    }

    private InputStream open(Extent extent) throws IOException {
        return openOrMissing(place.pack(extent.pack()), extent.position(), extent.length())
                .orElseThrow(() -> new Damaged(Damage.MISSING, "pack " + extent.pack()));
    }

    /** @return empty also where the object ends before the position */
    private Optional<InputStream> openOrMissing(String object, long position, long length) throws IOException {
        try {
            return store.open(object, position, length);
        } catch (StoreFailure e) {
            if (e.word().equals("InvalidRange")) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
