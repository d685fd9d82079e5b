package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentReader;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Sha256;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All segments of a mailbox as one sorted stream. Each is fetched to scratch and compared with its checksum before a
 * single entry of it is believed; with many of them, groups are merged on disk first, so that heap and open files are
 * bounded whatever the number of segments.
 */
public final class MailboxIndex {
    /** What to do with a segment that is not what the log says. */
    public interface OnDamage {
        /** Returns to go on without the segment, or throws to end. */
        void segment(String object, Damaged damage) throws IOException;
    }

    private final ObjectStore store;
    private final MailboxPlace place;
    private final ReadLimits limits;
    private final StoreReads reads;

    public MailboxIndex(ObjectStore store, MailboxPlace place, ReadLimits limits) {
        this.store = store;
        this.place = place;
        this.limits = limits;
        this.reads = new StoreReads(limits);
    }

    /** The same, ending at the first damaged segment. */
    public Versions open(List<LoggedSegment> segments, Scratch scratch) throws IOException {
        return open(segments, scratch, (object, damage) -> {
            throw damage;
        });
    }

    /**
     * @param scratch to be closed after the versions
     * @throws ScratchFull if the segments are larger than the scratch folder may be
     */
    public Versions open(List<LoggedSegment> segments, Scratch scratch, OnDamage onDamage) throws IOException {
        List<FetchedSegment> fetched = new ArrayList<>();
        for (LoggedSegment segment : segments) {
            String object = place.segment(segment.segment().id());
            try {
                fetched.add(new FetchedSegment(object, segment, fetch(object, segment, scratch), scratch, onDamage));
            } catch (Damaged e) {
                onDamage.segment(object, e);
            }
        }
        SortedRuns<Version> runs = new SortedRuns<>(scratch, new VersionForm(), Version.ORDER, limits.openMax());
        Records<Version> merged = runs.merge(fetched);
        return new Versions() {
            @Override
            public @Nullable Version next() throws IOException {
                return merged.next();
            }

            @Override
            public void close() throws IOException {
                merged.close();
            }
        };
    }

    private Path fetch(String object, LoggedSegment segment, Scratch scratch) throws IOException {
        return reads.retried(() -> {
            Path file = scratch.file();
            try {
                copy(object, segment, scratch, file);
                return file;
            } catch (IOException e) {
                scratch.delete(file);
                throw e;
            }
        });
    }

    private void copy(String object, LoggedSegment segment, Scratch scratch, Path file) throws IOException {
        Optional<InputStream> found = store.open(object);
        if (found.isEmpty()) {
            throw new Damaged(Damage.MISSING, "segment");
        }
        MessageDigest sha256 = Sha256.digest();
        long length = 0;
        try (InputStream in = found.get();
                OutputStream out = scratch.create(file)) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                length += count;
                if (length > segment.segment().bytes()) {
                    throw new Damaged(Damage.CHECKSUM_MISMATCH, "segment is longer than recorded");
                }
                sha256.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        }
        if (!Sha256.hex(sha256).equals(segment.segment().sha256())) {
            throw new Damaged(Damage.CHECKSUM_MISMATCH, "segment");
        }
    }

    /** A segment in scratch. Its bytes are those recorded; still it may have been recorded wrongly. */
    private static final class FetchedSegment implements SortedRuns.Opener<Version> {
        private final String object;
        private final LoggedSegment segment;
        private final Path file;
        private final Scratch scratch;
        private final OnDamage onDamage;

        FetchedSegment(String object, LoggedSegment segment, Path file, Scratch scratch, OnDamage onDamage) {
            this.object = object;
            this.segment = segment;
            this.file = file;
            this.scratch = scratch;
            this.onDamage = onDamage;
        }

        @Override
        public Records<Version> open() throws IOException {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), 32 * 1024);
            try {
                return new SegmentVersions(
                        new SegmentReader(in, segment.segment().entries()));
            } catch (Damaged e) {
                in.close();
                onDamage.segment(object, e);
                return new ListedRecords<>(List.of());
            }
        }

        @Override
        public void discard() throws IOException {
            scratch.delete(file);
        }

        private final class SegmentVersions implements Records<Version> {
            private final SegmentReader reader;
            private boolean damaged;

            SegmentVersions(SegmentReader reader) {
                this.reader = reader;
            }

            @Override
            public @Nullable Version next() throws IOException {
                if (damaged) {
                    return null;
                }
                try {
                    IndexEntry entry = reader.next();
                    return entry == null ? null : new Version(segment.logNumber(), entry);
                } catch (Damaged e) {
                    damaged = true;
                    onDamage.segment(object, e);
                    return null;
                }
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        }
    }
}
