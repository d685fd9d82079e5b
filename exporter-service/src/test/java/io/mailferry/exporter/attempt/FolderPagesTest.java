package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.page.AttemptWriter;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.part.Part;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.PageId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderPagesTest {
    private final List<Part> sent = new ArrayList<>();
    private final List<PageId> ended = new ArrayList<>();
    private TestingKeys keys;
    private FolderKey folder;
    private AttemptWriter writer;

    @BeforeEach
    void open(@TempDir Path directory) {
        keys = TestingKeys.in(directory);
        folder = keys.keys().mac().folder(keys.place().mailbox(), "inbox");
        writer = new AttemptWriter(keys.keys().sealing(), keys.place(), 3, encoded -> sent.add(Part.read(encoded)));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void chainsPagesFromTheLogsHeadOn() throws IOException {
        PageId head = PageId.random();
        FolderPages pages = new FolderPages(writer, ended::add, folder, head, 1);

        content(pages, "a", 10, false);
        content(pages, "b", 10, false);
        pages.endSync("state", false);

        List<PageEnd> ends = ends();
        assertThat(ends).hasSize(3);
        assertThat(ends.get(0).previous()).isEqualTo(head);
        assertThat(ends.get(1).previous()).isEqualTo(ends.get(0).page());
        assertThat(ends.get(2).previous()).isEqualTo(ends.get(1).page());
        assertThat(ends).extracting(PageEnd::syncEnd).containsExactly(false, false, true);
        assertThat(ended)
                .containsExactlyElementsOf(ends.stream().map(PageEnd::page).toList());
        assertThat(pages.witness(1, 2).head()).isEqualTo(ends.get(2).page());
    }

    @Test
    void marksOnlyTheFirstPageOfAGeneration() throws IOException {
        FolderPages pages = new FolderPages(writer, ended::add, folder, null, 1);
        pages.beginGeneration();

        content(pages, "a", 10, false);
        content(pages, "b", 10, false);
        pages.endSync("state", false);

        assertThat(ends()).extracting(PageEnd::generation).containsExactly(true, false, false);
    }

    @Test
    void witnessesWhatItsPagesSay() throws IOException {
        FolderPages pages = new FolderPages(writer, ended::add, folder, null, 1 << 20);
        MarkerHeader marker = new MarkerHeader("x", "inbox", "k", true);

        content(pages, "a", 10, false);
        content(pages, "b", 10, true);
        pages.deletion(item("c"), marker);
        pages.readFlag(item("d"), marker);
        pages.skip(item("e"), marker, SkipCause.ITEM_CORRUPT);
        pages.endSync("state", false);
        content(pages, "f", 10, false);
        pages.endPage();

        FolderWitness witness = pages.witness(7, 8);
        assertThat(witness).isEqualTo(new FolderWitness(folder, ends().getLast().page(), 7, 8, 2, 1, 1, 1, 1));
        assertThat(ends()).extracting(PageEnd::items).containsExactly(1L, 1L);
    }

    @Test
    void saysNothingForAFolderInWhichNothingHappened() {
        PageId head = PageId.random();
        FolderPages pages = new FolderPages(writer, ended::add, folder, head, 1);

        pages.endPage();

        assertThat(sent).isEmpty();
        assertThat(pages.witness(3, 3)).isEqualTo(new FolderWitness(folder, head, 3, 3, 0, 0, 0, 0, 0));
    }

    @Test
    void goesOnAfterAContentThatBrokeOffAndDoesNotCountIt() throws IOException {
        FolderPages pages = new FolderPages(writer, ended::add, folder, null, 1L << 30);
        byte[] half = new byte[3 << 20];
        new Random(1).nextBytes(half);
        InputStream broken = new InputStream() {
            private int position;

            @Override
            public int read() throws IOException {
                if (position == half.length) {
                    throw new IOException("broken off");
                }
                return half[position++] & 0xFF;
            }
        };

        assertThatThrownBy(() -> pages.content(item("a"), header("a"), broken, false))
                .isInstanceOf(IOException.class);
        pages.skip(item("a"), new MarkerHeader("a", "inbox", "k", null), SkipCause.ANSWER_UNREADABLE);
        content(pages, "b", 10, false);
        pages.endSync("state", false);

        PageEnd end = ends().getFirst();
        assertThat(end.items()).isEqualTo(1);
        assertThat(end.skips()).isEqualTo(1);
        assertThat(end.parts()).isEqualTo(sent.size() - 1);
    }

    private List<PageEnd> ends() throws IOException {
        List<PageEnd> ends = new ArrayList<>();
        for (Part part : sent) {
            if (part.label().kind() == Kind.PAGE_END) {
                ends.add(PageEnd.read(part.label().clear()));
            }
        }
        return ends;
    }

    private void content(FolderPages pages, String id, int bytes, boolean update) throws IOException {
        pages.content(item(id), header(id), new ByteArrayInputStream(new byte[bytes]), update);
    }

    private ItemKey item(String id) {
        return keys.keys().mac().item(keys.place().mailbox(), id);
    }

    private static ItemHeader header(String id) {
        return new ItemHeader(
                id, "k", "inbox", null, null, null, List.of(), List.of(), List.of(), null, null, null, 10, true, false,
                List.of(), "mime", List.of());
    }
}
