package io.mailferry.archive.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class SegmentTest {
    private final Random random = new Random(7);

    @Test
    void givesEntriesBackSortedByItemAndOrdinal() throws IOException {
        List<IndexEntry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            entries.add(entry(new ItemKey(random.nextLong(), 0, 0, 0), i));
        }
        entries.add(entry(entries.getFirst().item(), 1_000));

        List<IndexEntry> read = read(SegmentWriter.write(entries), 501);

        assertThat(read)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(
                        entries.stream().sorted(SegmentWriter.ORDER).toList());
    }

    @Test
    void isReadByStockAvro() throws IOException {
        byte[] segment = SegmentWriter.write(List.of(entry(new ItemKey(1, 2, 3, 4), 5)));

        try (DataFileStream<GenericRecord> stock =
                new DataFileStream<>(new ByteArrayInputStream(segment), new GenericDatumReader<>())) {
            GenericRecord record = stock.next();
            assertThat(record.get("ordinal")).isEqualTo(5L);
            assertThat(record.get("cause")).hasToString("ITEM_CORRUPT");
        }
    }

    @Test
    void refusesATruncatedSegment() {
        byte[] segment = SegmentWriter.write(List.of(entry(new ItemKey(1, 2, 3, 4), 5)));

        assertThatThrownBy(() -> read(Arrays.copyOf(segment, segment.length - 20), 1))
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusesAFileOfAnotherSchema() throws IOException {
        java.io.ByteArrayOutputStream other = new java.io.ByteArrayOutputStream();
        try (var writer = new org.apache.avro.file.DataFileWriter<>(
                new org.apache.avro.generic.GenericDatumWriter<CharSequence>())) {
            writer.create(org.apache.avro.Schema.create(org.apache.avro.Schema.Type.STRING), other);
            writer.append("x");
        }

        assertThatThrownBy(() -> read(other.toByteArray(), 1))
                .isInstanceOfSatisfying(
                        Damaged.class, e -> assertThat(e.damage()).isEqualTo(Damage.UNSUPPORTED));
    }

    private static List<IndexEntry> read(byte[] segment, long count) throws IOException {
        List<IndexEntry> entries = new ArrayList<>();
        try (SegmentReader reader = new SegmentReader(new ByteArrayInputStream(segment), count)) {
            for (IndexEntry entry = reader.next(); entry != null; entry = reader.next()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static IndexEntry entry(ItemKey item, long ordinal) {
        return new IndexEntry(
                item,
                new FolderKey(9, 9, 9, 9),
                Kind.CONTENT,
                ordinal,
                PageId.random(),
                ContentId.random(),
                List.of(new Extent(UUID.randomUUID(), 100, 200, "ab".repeat(32))),
                List.of(new byte[] {1, 2}, new byte[] {3}),
                2,
                300,
                "ITEM_CORRUPT");
    }
}
