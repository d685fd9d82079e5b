package io.mailferry.archive.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.TestKeys;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.ItemOpener;
import io.mailferry.archive.part.ItemSealer;
import io.mailferry.archive.part.OpenedItem;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartSchema;
import io.mailferry.archive.part.Parts;
import io.mailferry.archive.part.Sha256;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.PageId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {
    private final TestKeys keys = new TestKeys();
    private final List<Extent> extents = new ArrayList<>();
    private final List<Integer> sizes = List.of(10, 1_300_000, 0, 75_000);

    @TempDir
    Path scratch;

    private Path file;
    private byte[] bytes;
    private PackContents contents;

    @BeforeEach
    void write() throws IOException {
        file = scratch.resolve("pack");
        try (PackWriter pack = new PackWriter(file)) {
            for (int size : sizes) {
                pack.startExtent();
                for (Part part : sealed(size).read()) {
                    pack.append(part);
                }
                extents.add(pack.endExtent());
            }
            contents = pack.finish();
        }
        bytes = Files.readAllBytes(file);
    }

    @Test
    void isAnAvroContainerOfParts() throws IOException {
        int records = 0;
        try (DataFileReader<GenericRecord> stock = new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
            assertThat(stock.getSchema()).isEqualTo(PartSchema.SCHEMA);
            while (stock.hasNext()) {
                assertThat(stock.next().get("kind")).hasToString("CONTENT");
                records++;
            }
        }
        assertThat(records).isEqualTo(6);
    }

    @Test
    void knowsItsLengthAndChecksum() {
        assertThat(contents.bytes()).isEqualTo(bytes.length);
        assertThat(contents.sha256()).isEqualTo(Sha256.hex(bytes));
    }

    @Test
    void givesAnItemBackFromItsExtentAlone() throws IOException {
        for (int i = 0; i < sizes.size(); i++) {
            assertThat(read(List.of(extents.get(i)), bytes)).isEqualTo(content(sizes.get(i)));
        }
    }

    @Test
    void givesAnItemBackFromExtentsInTwoPacks() throws IOException {
        List<Part> parts = sealed(1_300_000).read();
        List<Extent> both = new ArrayList<>();
        List<byte[]> packs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path half = scratch.resolve("half" + i);
            try (PackWriter pack = new PackWriter(half)) {
                pack.startExtent();
                for (Part part : i == 0 ? parts.subList(0, 2) : parts.subList(2, parts.size())) {
                    pack.append(part);
                }
                both.add(pack.endExtent());
                assertThat(pack.finish().bytes()).isPositive();
            }
            packs.add(Files.readAllBytes(half));
        }

        assertThat(read(both, packs.get(0), packs.get(1))).isEqualTo(content(1_300_000));
    }

    @Test
    void refusesEveryChangedByteOfAnExtent() {
        Extent extent = extents.getFirst();
        for (int i = 0; i < extent.length(); i++) {
            byte[] changed = bytes.clone();
            changed[(int) extent.position() + i] ^= 1;
            assertThatThrownBy(() -> read(List.of(extent), changed)).isInstanceOf(Damaged.class);
        }
    }

    @Test
    void refusesATruncatedPack() {
        Extent last = extents.getLast();

        assertThatThrownBy(() -> read(List.of(last), Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(Damaged.class);
    }

    private byte[] read(List<Extent> where, byte[]... packs) throws IOException {
        List<byte[]> left = new ArrayList<>(Arrays.asList(packs));
        ItemOpener opener = new ItemOpener(keys.tenant, keys.mailbox, keys.sealing, keys.mac);
        try (ExtentReader reader = new ExtentReader(where, extent -> range(left, extent))) {
            OpenedItem item = opener.open(reader);
            InputStream content = item.content();
            assertThat(content).isNotNull();
            byte[] read = content.readAllBytes();
            assertThat(reader.next()).isNull();
            return read;
        }
    }

    private static InputStream range(List<byte[]> packs, Extent extent) {
        byte[] pack = packs.size() == 1 ? packs.getFirst() : packs.removeFirst();
        return new ByteArrayInputStream(pack, (int) extent.position(), (int) extent.length());
    }

    private Parts sealed(int size) throws IOException {
        Parts parts = new Parts();
        AttemptPlace place = new AttemptPlace(keys.tenant, keys.mailbox, AttemptId.random());
        FolderKey folder = keys.mac.folder(keys.mailbox, "F");
        try (ItemSealer sealer = new ItemSealer(keys.sealing, place, 1, parts)) {
            sealer.content(
                    PageId.random(),
                    folder,
                    keys.mac.item(keys.mailbox, "I"),
                    new byte[] {'{', '}'},
                    new ByteArrayInputStream(content(size)));
        }
        return parts;
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }
}
