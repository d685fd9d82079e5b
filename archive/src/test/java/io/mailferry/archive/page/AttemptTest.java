package io.mailferry.archive.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.TestKeys;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.Parts;
import io.mailferry.archive.part.Sha256;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final TestKeys keys = new TestKeys();
    private final AttemptPlace place = new AttemptPlace(keys.tenant, keys.mailbox, AttemptId.random());
    private final FolderKey folder = keys.mac.folder(keys.mailbox, "F");
    private final Parts parts = new Parts();

    @Test
    void endsAPageWithItsCountsAndTheDigestOfItsParts() throws IOException {
        PageId previous = PageId.random();
        PageEnd end;
        try (AttemptWriter writer = new AttemptWriter(keys.sealing, place, 1, parts)) {
            PageWriter page = writer.openPage(folder, previous, false);
            page.content(item(1), header(1), new ByteArrayInputStream(new byte[100]), false);
            page.content(item(2), header(2), new ByteArrayInputStream(new byte[100]), true);
            page.deletion(item(3), marker(3));
            page.readFlag(item(4), marker(4));
            page.skip(item(5), marker(5), "ITEM_CORRUPT");
            end = page.endSync("state", true);
        }

        Part last = parts.read().getLast();
        assertThat(last.label().kind()).isEqualTo(Kind.PAGE_END);
        assertThat(PageEnd.read(last.label().clear())).isEqualTo(end);
        ByteArrayOutputStream before = new ByteArrayOutputStream();
        for (byte[] part : parts.encoded.subList(0, 5)) {
            before.write(part);
        }
        assertThat(end)
                .isEqualTo(new PageEnd(
                        end.page(),
                        folder,
                        previous,
                        5,
                        Sha256.hex(before.toByteArray()),
                        1,
                        1,
                        1,
                        1,
                        1,
                        true,
                        false,
                        true));
        assertThat(SkipNote.read(parts.read().get(4).label().clear()).cause()).isEqualTo("ITEM_CORRUPT");
    }

    @Test
    void takesAPageOfAWriterWithoutTheMarkAsNotReadToTheEnd() throws IOException {
        PageEnd end;
        try (AttemptWriter writer = new AttemptWriter(keys.sealing, place, 1, parts)) {
            end = writer.openPage(folder, null, true).endSync("state", true);
        }
        String clear = new String(parts.read().getLast().label().clear(), StandardCharsets.UTF_8);

        PageEnd without =
                PageEnd.read(clear.replace(",\"generationEnd\":true", "").getBytes(StandardCharsets.UTF_8));

        assertThat(clear).contains("generationEnd");
        assertThat(end.generationEnd()).isTrue();
        assertThat(without.generationEnd()).isFalse();
        assertThat(without.syncEnd()).isTrue();
    }

    @Test
    void goesOnWithThePageAfterAnItemFailed() throws IOException {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        PageEnd end;
        try (AttemptWriter writer = new AttemptWriter(keys.sealing, place, 1, parts)) {
            PageWriter page = writer.openPage(folder, null, true);
            assertThatThrownBy(() -> page.content(item(1), header(1), failing, false))
                    .hasMessage("reset");
            page.skip(item(1), marker(1), "ANSWER_UNREADABLE");
            end = page.end();
        }

        assertThat(end.items()).isZero();
        assertThat(end.skips()).isEqualTo(1);
        assertThat(end.parts()).isEqualTo(parts.encoded.size() - 1);
        assertThat(end.syncEnd()).isFalse();
        assertThat(end.generation()).isTrue();
        assertThat(end.generationEnd()).isFalse();
    }

    @Test
    void signsWhatTheAttemptWitnessed() throws IOException {
        AttemptEnd end = witness();

        AttemptEnd read = AttemptEnd.read(clearOf(end.parts(place)));

        assertThat(WitnessMac.verify(keys.mac, place, read)).isTrue();
        assertThat(WitnessMac.verify(new TestKeys().mac, place, read)).isFalse();
        AttemptPlace elsewhere = new AttemptPlace(keys.tenant, MailboxId.random(), place.attempt());
        assertThat(WitnessMac.verify(keys.mac, elsewhere, read)).isFalse();
    }

    @Test
    void refusesAWitnessWithAnotherCountSkipOrGap() {
        AttemptEnd end = witness();
        FolderWitness one = end.folders().getFirst();
        FolderWitness more = new FolderWitness(
                one.folder(),
                one.head(),
                one.totalBefore(),
                one.totalAfter() + 1,
                one.items(),
                one.updates(),
                one.deletions(),
                one.readFlags(),
                one.skips());

        assertThat(List.of(
                        new AttemptEnd(List.of(more), end.gaps(), end.carriedSkips(), end.mac(), 1),
                        new AttemptEnd(end.folders(), List.of(), end.carriedSkips(), end.mac(), 1),
                        new AttemptEnd(end.folders(), end.gaps(), List.of(), end.mac(), 1),
                        new AttemptEnd(end.folders(), end.gaps(), end.carriedSkips(), end.mac(), 2)))
                .noneMatch(changed -> WitnessMac.verify(keys.mac, place, changed));
    }

    @Test
    void sendsAnEndOfManyFoldersInSeveralParts() throws IOException {
        List<FolderWitness> folders = IntStream.range(0, 5_000)
                .mapToObj(i ->
                        new FolderWitness(keys.mac.folder(keys.mailbox, "F" + i), PageId.random(), i, i, 0, 0, 0, 0, 0))
                .toList();
        AttemptEnd end = AttemptEnd.signed(keys.mac, place, folders, List.of(), List.of());

        List<byte[]> encoded = end.parts(place);

        assertThat(encoded).hasSizeGreaterThan(2);
        assertThat(WitnessMac.verify(keys.mac, place, AttemptEnd.read(clearOf(encoded))))
                .isTrue();
    }

    @Test
    void refusesCausesThatAreNoWords() {
        assertThatThrownBy(() -> new CarriedSkip(item(1), folder, "two words\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AttemptEnd witness() {
        return AttemptEnd.signed(
                keys.mac,
                place,
                List.of(new FolderWitness(folder, PageId.random(), 3, 4, 1, 2, 3, 4, 5)),
                List.of("RECOVERABLE_ITEMS"),
                List.of(new CarriedSkip(item(1), folder, "ITEM_CORRUPT")));
    }

    private static byte[] clearOf(List<byte[]> encoded) throws IOException {
        ByteArrayOutputStream clear = new ByteArrayOutputStream();
        for (byte[] part : encoded) {
            clear.write(Part.read(part).label().clear());
        }
        return clear.toByteArray();
    }

    private ItemKey item(int i) {
        return keys.mac.item(keys.mailbox, "I" + i);
    }

    private static MarkerHeader marker(int i) {
        return new MarkerHeader("I" + i, "F", null, null);
    }

    private static ItemHeader header(int i) {
        return new ItemHeader(
                "I" + i, "CK", "F", null, null, null, List.of(), List.of(), List.of(), null, null, null, 100, true,
                false, List.of(), "mime", List.of());
    }
}
