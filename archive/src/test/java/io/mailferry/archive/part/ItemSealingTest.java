package io.mailferry.archive.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.TestKeys;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemSealingTest {
    private static final byte[] HEADER = "{\"itemId\":\"A\"}".getBytes(StandardCharsets.UTF_8);

    private final TestKeys keys = new TestKeys();
    private final AttemptPlace place = new AttemptPlace(keys.tenant, keys.mailbox, AttemptId.random());
    private final ItemKey item = keys.mac.item(keys.mailbox, "A");
    private final FolderKey folder = keys.mac.folder(keys.mailbox, "F");
    private final PageId page = PageId.random();
    private final Parts parts = new Parts();
    private final ItemOpener opener = new ItemOpener(keys.tenant, keys.mailbox, keys.sealing, keys.mac);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 39, 40, 41, 75_000, 512 * 1024 - 41, 512 * 1024, 512 * 1024 + 1, 5_500_000})
    void givesBackWhatWasSealedWhateverItsSize(int size) throws IOException {
        byte[] content = incompressible(size);

        SealedItem sealed = seal(HEADER, content);

        OpenedItem opened = opener.open(parts.source());
        assertThat(opened.header()).isEqualTo(HEADER);
        assertThat(contentOf(opened)).isEqualTo(content);
        assertThat(sealed.plainBytes()).isEqualTo(size);
        assertThat(sealed.parts()).isEqualTo(parts.encoded.size());
        assertThat(parts.encoded).allSatisfy(part -> assertThat(part.length).isLessThan(Part.ENCODED_BYTES_MAX));
    }

    @Test
    void cutsHugeHeadersIntoChunks() throws IOException {
        byte[] header = incompressible(1_700_000);
        byte[] content = incompressible(3_000);

        seal(header, content);

        OpenedItem opened = opener.open(parts.source());
        assertThat(opened.header()).isEqualTo(header);
        assertThat(contentOf(opened)).isEqualTo(content);
        assertThat(parts.encoded).allSatisfy(part -> assertThat(part.length).isLessThan(Part.ENCODED_BYTES_MAX));
    }

    @Test
    void leavesTheContentOutWhenTheHeaderFillsItsPart() throws IOException {
        byte[] header = incompressible(Part.CHUNK_BYTES_MAX - 50);

        seal(header, new byte[] {1});

        assertThat(parts.read().getFirst().contentLength()).isZero();
        assertThat(contentOf(opener.open(parts.source()))).containsExactly(1);
    }

    @Test
    void compressesOnce() throws IOException {
        SealedItem sealed = seal(HEADER, new byte[4_000_000]);

        assertThat(sealed.sealedBytes()).isLessThan(2_000);
    }

    @Test
    void servesSeveralItemsOneAfterTheOther() throws IOException {
        Parts second = new Parts();
        List<Integer> ends = new ArrayList<>();
        try (ItemSealer sealer = new ItemSealer(keys.sealing, place, 1, second)) {
            for (int i = 0; i < 3; i++) {
                sealer.content(page, folder, item, HEADER, new ByteArrayInputStream(incompressible(600_000 * i)));
                ends.add(second.encoded.size());
            }
        }

        assertThat(contentOf(opener.open(Parts.source(second.read().subList(ends.get(1), ends.get(2))))))
                .isEqualTo(incompressible(1_200_000));
    }

    @Test
    void opensMarkersAndSyncStates() throws IOException {
        try (ItemSealer sealer = new ItemSealer(keys.sealing, place, 1, parts)) {
            sealer.marker(
                    Kind.PAGE_END, page, folder, null, ArchiveJson.write(new SyncState("H4sI")), new byte[] {'{', '}'});
        }

        Part part = parts.read().getFirst();
        assertThat(opener.syncState(folder, page, List.of(part.sealedHeader())).state())
                .isEqualTo("H4sI");
        assertThat(part.label().clear()).containsExactly('{', '}');
    }

    @Test
    void readsAReferencedContentByItsIdOnly() throws IOException {
        SealedItem sealed = seal(HEADER, new byte[] {7, 7});

        assertThat(opener.content(parts.source(), sealed.contentId()).readAllBytes())
                .containsExactly(7, 7);
        assertThatDamaged(() -> opener.content(parts.source(), ContentId.random()), Damage.FOREIGN);
    }

    @Test
    void refusesAnItemWhoseIdsAreNotThoseOfItsKeys() throws IOException {
        ItemHeader header = header("A", "F");
        byte[] json = ArchiveJson.write(header);

        assertThat(opener.itemHeader(json, item, folder)).isEqualTo(header);
        assertThatDamaged(() -> opener.itemHeader(ArchiveJson.write(header("B", "F")), item, folder), Damage.FOREIGN);
        assertThatDamaged(() -> opener.itemHeader(ArchiveJson.write(header("A", "G")), item, folder), Damage.FOREIGN);
    }

    /** Fields by their documented names; a header that lacks lists, as an earlier writer's would, has empty ones. */
    @Test
    void readsAHeaderByItsDocumentedFields() throws IOException {
        String json = "{\"itemId\":\"A\",\"changeKey\":\"CK\",\"folderId\":\"F\",\"to\":[\"b\"],\"bcc\":[\"hidden\"],"
                + "\"size\":1,\"read\":true,\"hasAttachments\":false,\"categories\":[\"Blue\",\"Red\"],"
                + "\"contentForm\":\"mime\",\"later\":1}";

        ItemHeader read = opener.itemHeader(json.getBytes(StandardCharsets.UTF_8), item, folder);

        assertThat(read.to()).containsExactly("b");
        assertThat(read.cc()).isEmpty();
        assertThat(read.bcc()).containsExactly("hidden");
        assertThat(read.categories()).containsExactly("Blue", "Red");
        assertThat(read.properties()).isEmpty();
    }

    static Stream<UnaryOperator<PartLabel>> changes() {
        return Stream.of(
                label -> copy(
                        label,
                        TenantId.random(),
                        label.mailbox(),
                        label.page(),
                        label.kind(),
                        label.item(),
                        label.contentId()),
                label -> copy(
                        label,
                        label.tenant(),
                        MailboxId.random(),
                        label.page(),
                        label.kind(),
                        label.item(),
                        label.contentId()),
                label -> copy(
                        label,
                        label.tenant(),
                        label.mailbox(),
                        PageId.random(),
                        label.kind(),
                        label.item(),
                        label.contentId()),
                label -> copy(
                        label,
                        label.tenant(),
                        label.mailbox(),
                        label.page(),
                        Kind.REFERENCE,
                        label.item(),
                        label.contentId()),
                label -> copy(
                        label,
                        label.tenant(),
                        label.mailbox(),
                        label.page(),
                        label.kind(),
                        new ItemKey(1, 2, 3, 4),
                        label.contentId()),
                label -> copy(
                        label,
                        label.tenant(),
                        label.mailbox(),
                        label.page(),
                        label.kind(),
                        label.item(),
                        ContentId.random()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void refusesPartsWhoseLabelWasChanged(UnaryOperator<PartLabel> change) throws IOException {
        seal(HEADER, incompressible(1_200_000));
        List<Part> changed = new ArrayList<>();
        for (Part part : parts.read()) {
            changed.add(Part.read(Part.encode(change.apply(part.label()), part.sealedHeader(), part.sealedContent())));
        }

        assertThatThrownBy(() -> readAll(changed)).isInstanceOf(Damaged.class);
    }

    @Test
    void refusesEveryChangedByteOfAPart() throws IOException {
        seal(HEADER, incompressible(50));
        byte[] encoded = parts.encoded.getFirst();
        // Attempt and folder of an item's label are bound elsewhere: by the log, and by the ids in the header.
        int refused = 0;
        for (int i = 0; i < encoded.length; i++) {
            byte[] changed = encoded.clone();
            changed[i] ^= 1;
            refused += accepts(changed) ? 0 : 1;
        }

        assertThat(encoded.length - refused).isEqualTo(16 + 32);
    }

    @Test
    void refusesATruncatedEnd() throws IOException {
        seal(HEADER, incompressible(1_200_000));
        List<Part> all = parts.read();

        assertThatDamaged(() -> readAll(all.subList(0, all.size() - 1)), Damage.TRUNCATED);
        assertThatDamaged(
                () -> Part.read(Arrays.copyOf(parts.encoded.getLast(), parts.encoded.getLast().length - 1)),
                Damage.TRUNCATED);
    }

    @Test
    void refusesAnEndThatIsPretended() throws IOException {
        seal(HEADER, incompressible(1_200_000));
        Part second = parts.read().get(1);
        PartLabel label = second.label();
        PartLabel ended = new PartLabel(
                label.tenant(),
                label.mailbox(),
                label.attempt(),
                label.page(),
                label.kind(),
                label.folder(),
                label.item(),
                label.contentId(),
                label.number(),
                label.headerLast(),
                true,
                label.clear());
        List<Part> forged =
                List.of(parts.read().getFirst(), Part.read(Part.encode(ended, new byte[0], second.sealedContent())));

        assertThatDamaged(() -> readAll(forged), Damage.NOT_AUTHENTIC);
    }

    @Test
    void refusesSwappedRepeatedAndMissingParts() throws IOException {
        seal(HEADER, incompressible(2_200_000));
        List<Part> all = parts.read();

        assertThatDamaged(() -> readAll(List.of(all.get(0), all.get(2), all.get(1))), Damage.OUT_OF_ORDER);
        assertThatDamaged(() -> readAll(List.of(all.get(0), all.get(1), all.get(1))), Damage.OUT_OF_ORDER);
        assertThatDamaged(() -> readAll(all.subList(1, all.size())), Damage.OUT_OF_ORDER);
    }

    @Test
    void refusesTheWrongKey() throws IOException {
        seal(HEADER, incompressible(10));
        ItemOpener other = new ItemOpener(keys.tenant, keys.mailbox, new TestKeys().sealing, keys.mac);

        assertThatDamaged(() -> other.open(parts.source()), Damage.NOT_AUTHENTIC);
    }

    @Test
    void leavesAVoidRunBehindWhenTheContentFails() {
        InputStream failing = new InputStream() {
            private int left = 2_000_000;
            private final Random random = new Random(1);

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("connection reset");
                }
                return random.nextInt(256);
            }
        };

        assertThatThrownBy(() -> {
                    try (ItemSealer sealer = new ItemSealer(keys.sealing, place, 1, parts)) {
                        sealer.content(page, folder, item, HEADER, failing);
                    }
                })
                .hasMessage("connection reset");
        assertThat(parts.read()).isNotEmpty().noneMatch(part -> part.label().last());
    }

    private SealedItem seal(byte[] header, byte[] content) throws IOException {
        try (ItemSealer sealer = new ItemSealer(keys.sealing, place, 3, parts)) {
            return sealer.content(page, folder, item, header, new ByteArrayInputStream(content));
        }
    }

    private boolean accepts(byte[] encoded) {
        try {
            contentOf(opener.open(Parts.source(List.of(Part.read(encoded)))));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void readAll(List<Part> list) throws IOException {
        contentOf(opener.open(Parts.source(list)));
    }

    private static byte[] contentOf(OpenedItem opened) throws IOException {
        InputStream content = opened.content();
        return content == null ? new byte[0] : content.readAllBytes();
    }

    private static void assertThatDamaged(ThrowingCallable call, Damage damage) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Damaged.class, e -> assertThat(e.damage()).isEqualTo(damage));
    }

    private static ItemHeader header(String itemId, String folderId) {
        return new ItemHeader(
                itemId,
                "CK",
                folderId,
                "IPM.Note",
                "Subject",
                "a",
                List.of("b"),
                List.of(),
                List.of("hidden"),
                null,
                null,
                null,
                1,
                true,
                false,
                List.of("Blue", "Red"),
                "mime",
                List.of());
    }

    private static PartLabel copy(
            PartLabel label, TenantId tenant, MailboxId mailbox, PageId page, Kind kind, ItemKey item, ContentId id) {
        return new PartLabel(
                tenant,
                mailbox,
                label.attempt(),
                page,
                kind,
                label.folder(),
                item,
                id,
                label.number(),
                label.headerLast(),
                label.last(),
                label.clear());
    }

    private static byte[] incompressible(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
