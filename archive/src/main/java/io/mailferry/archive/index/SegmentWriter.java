package io.mailferry.archive.index;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.file.DataFileWriter;

/** Writes a segment: the index entries of some pages, sorted by item key and then by ordinal. */
public final class SegmentWriter {
    static final Comparator<IndexEntry> ORDER =
            Comparator.comparing(IndexEntry::item).thenComparingLong(IndexEntry::ordinal);

    private static final int BLOCK_BYTES = 64 * 1024;

    private SegmentWriter() {}

    /** @return the whole object; entries are bounded by whoever collects them */
    public static byte[] write(List<IndexEntry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<IndexEntry> file = new DataFileWriter<>(new EntryCodec())) {
            file.setSyncInterval(BLOCK_BYTES);
            file.create(EntryCodec.SCHEMA, bytes);
            for (IndexEntry entry : entries.stream().sorted(ORDER).toList()) {
                file.append(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
