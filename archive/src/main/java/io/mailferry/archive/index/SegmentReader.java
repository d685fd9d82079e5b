package io.mailferry.archive.index;

import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.file.DataFileStream;
import org.jspecify.annotations.Nullable;

/** Reads a segment as a stream, in its order. The object's checksum is the caller's to compare. */
public final class SegmentReader implements Closeable {
    private final DataFileStream<IndexEntry> file;
    private final long entries;
    private long read;
    private @Nullable IndexEntry before;

    /**
     * @param entries how many the log says there are; Avro itself takes a cut-off file for a shorter one
     * @throws Damaged MALFORMED, or UNSUPPORTED when the schema is another one
     */
    public SegmentReader(InputStream in, long entries) throws IOException {
        this.entries = entries;
        try {
            file = new DataFileStream<>(in, new EntryCodec());
        } catch (AvroRuntimeException e) {
            throw new Damaged(Damage.MALFORMED, "segment");
        }
        if (SchemaNormalization.parsingFingerprint64(file.getSchema()) != EntryCodec.FINGERPRINT) {
            throw new Damaged(Damage.UNSUPPORTED, "segment of another schema");
        }
    }

    /**
     * @return the next entry, or null after the last
     * @throws Damaged MALFORMED if it cannot be read, OUT_OF_ORDER if it is not sorted, TRUNCATED if entries are missing
     */
    public @Nullable IndexEntry next() throws IOException {
        IndexEntry entry;
        try {
            if (!file.hasNext()) {
                requireAll();
                return null;
            }
            entry = file.next();
        } catch (AvroRuntimeException | IndexOutOfBoundsException e) {
            throw new Damaged(Damage.MALFORMED, "segment");
        }
        if (before != null && SegmentWriter.ORDER.compare(before, entry) >= 0) {
            throw new Damaged(Damage.OUT_OF_ORDER, "segment");
        }
        before = entry;
        read++;
        return entry;
    }

    private void requireAll() throws Damaged {
        if (read != entries) {
            throw new Damaged(Damage.TRUNCATED, "segment of " + read + " entries instead of " + entries);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
