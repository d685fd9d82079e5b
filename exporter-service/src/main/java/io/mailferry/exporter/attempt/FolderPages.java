package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.page.AttemptWriter;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.page.PageWriter;
import io.mailferry.archive.part.FolderHeader;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.part.SealedItem;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.PageId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One folder's pages in this attempt: opens one when there is something to say, ends it when it is large enough or a
 * sync page ends, and adds up what the exporter witnesses.
 */
final class FolderPages {
    private final AttemptWriter writer;
    private final Consumer<PageId> onPageEnd;
    private final FolderKey folder;
    private final long pageBytesMax;
    private @Nullable PageWriter open;
    private @Nullable PageId head;
    private boolean generation;
    private long items;
    private long updates;
    private long deletions;
    private long readFlags;
    private long skips;

    /** @param onPageEnd told of each page when its last part was sent */
    FolderPages(
            AttemptWriter writer,
            Consumer<PageId> onPageEnd,
            FolderKey folder,
            @Nullable PageId head,
            long pageBytesMax) {
        this.writer = writer;
        this.onPageEnd = onPageEnd;
        this.folder = folder;
        this.head = head;
        this.pageBytesMax = pageBytesMax;
    }

    /** The next page begins a sync from empty state. */
    void beginGeneration() {
        generation = true;
    }

    private PageWriter page() {
        PageWriter page = open;
        if (page == null) {
            page = writer.openPage(folder, head, generation);
            generation = false;
            open = page;
        }
        return page;
    }

    SealedItem content(ItemKey item, ItemHeader header, InputStream content, boolean update) throws IOException {
        SealedItem sealed = page().content(item, header, content, update);
        endWhenLarge();
        return sealed;
    }

    void folder(FolderKey described, FolderHeader header) {
        say(page -> page.folder(described, header));
    }

    void deletion(ItemKey item, MarkerHeader header) {
        say(page -> page.deletion(item, header));
    }

    void readFlag(ItemKey item, MarkerHeader header) {
        say(page -> page.readFlag(item, header));
    }

    void skip(ItemKey item, MarkerHeader header, SkipCause cause) {
        say(page -> page.skip(item, header, cause.name()));
    }

    /** Ends the open page, if there is one, so that it can be stored and leave the window. */
    void endPage() {
        if (open != null) {
            end(PageWriter::end);
        }
    }

    /**
     * Ends the sync page with the state to go on from; makes a page of its own if none is open.
     *
     * @param generationEnd whether with it the folder, begun from empty state, was read to its end
     */
    void endSync(String syncState, boolean generationEnd) {
        end(page -> page.endSync(syncState, generationEnd));
    }

    private void end(PageEnding ending) {
        PageWriter page = page();
        try {
            PageEnd end = ending.of(page);
            onPageEnd.accept(page.id());
            items += end.items();
            updates += end.updates();
            deletions += end.deletions();
            readFlags += end.readFlags();
            skips += end.skips();
            head = page.id();
            open = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface PageEnding {
        PageEnd of(PageWriter page) throws IOException;
    }

    private interface Saying {
        void on(PageWriter page) throws IOException;
    }

    private void say(Saying saying) {
        try {
            saying.on(page());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        endWhenLarge();
    }

    private void endWhenLarge() {
        PageWriter page = open;
        if (page != null && page.sealedBytes() >= pageBytesMax) {
            end(PageWriter::end);
        }
    }

    /** What was seen of the folder in this attempt. */
    FolderWitness witness(long totalBefore, long totalAfter) {
        return new FolderWitness(folder, head, totalBefore, totalAfter, items, updates, deletions, readFlags, skips);
    }
}
