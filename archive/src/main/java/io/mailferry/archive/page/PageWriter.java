package io.mailferry.archive.page;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.FolderHeader;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.ItemSealer;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.archive.part.SealedItem;
import io.mailferry.archive.part.Sha256;
import io.mailferry.archive.part.SyncState;
import io.mailferry.contracts.id.PageId;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * One page being sent. If an item's content fails in the middle, the page goes on: what was sent of the item counts as
 * parts but is left out where it is stored, and a skip may take its place.
 */
public final class PageWriter {
    private static final byte[] NOTHING = new byte[0];

    private final ItemSealer sealer;
    private final PageId id;
    private final FolderKey folder;
    private final @Nullable PageId previous;
    private final boolean generation;
    private final MessageDigest digest = Sha256.digest();
    private long parts;
    private long sealedBytes;
    private long items;
    private long updates;
    private long deletions;
    private long readFlags;
    private long skips;
    private boolean ending;

    PageWriter(ItemSealer sealer, PageId id, FolderKey folder, @Nullable PageId previous, boolean generation) {
        this.sealer = sealer;
        this.id = id;
        this.folder = folder;
        this.previous = previous;
        this.generation = generation;
    }

    public PageId id() {
        return id;
    }

    /** Encoded bytes sent so far, by which pages are bounded. */
    public long sealedBytes() {
        return sealedBytes;
    }

    public long parts() {
        return parts;
    }

    /**
     * Sends an item.
     *
     * @param update whether the folder's log has an older state of it
     * @param content read to its end, not closed
     */
    public SealedItem content(ItemKey item, ItemHeader header, InputStream content, boolean update) throws IOException {
        SealedItem sealed = sealer.content(id, folder, item, ArchiveJson.write(header), content);
        count(update);
        return sealed;
    }

    /** Sends an item whose content the archive has. */
    public SealedItem reference(ItemKey item, ItemHeader header, ContentId contentId, boolean update)
            throws IOException {
        SealedItem sealed = sealer.reference(id, folder, item, ArchiveJson.write(header), contentId);
        count(update);
        return sealed;
    }

    /** Describes a folder; only on a page of the hierarchy. */
    public void folder(FolderKey described, FolderHeader header) throws IOException {
        marker(Kind.FOLDER, described.asItem(), header, NOTHING);
    }

    public void deletion(ItemKey item, MarkerHeader header) throws IOException {
        marker(Kind.DELETION, item, header, NOTHING);
        deletions++;
    }

    public void readFlag(ItemKey item, MarkerHeader header) throws IOException {
        marker(Kind.READ_FLAG, item, header, NOTHING);
        readFlags++;
    }

    /** @param cause a word */
    public void skip(ItemKey item, MarkerHeader header, String cause) throws IOException {
        marker(Kind.SKIP, item, header, ArchiveJson.write(new SkipNote(cause)));
        skips++;
    }

    /** Ends the page in the middle of a sync page. */
    public PageEnd end() throws IOException {
        return end(null, false);
    }

    /**
     * Ends the page, and with it a sync page.
     *
     * @param syncState the folder's new sync state
     * @param generationEnd whether with it a reading from empty state has come to the folder's end
     */
    public PageEnd endSync(String syncState, boolean generationEnd) throws IOException {
        return end(syncState, generationEnd);
    }

    private PageEnd end(@Nullable String syncState, boolean generationEnd) throws IOException {
        PageEnd end = new PageEnd(
                id,
                folder,
                previous,
                parts,
                Sha256.hex(digest),
                items,
                updates,
                deletions,
                readFlags,
                skips,
                syncState != null,
                generation,
                generationEnd);
        ending = true;
        marker(Kind.PAGE_END, null, new SyncState(syncState), ArchiveJson.write(end));
        return end;
    }

    void sending(byte[] encoded) {
        sealedBytes += encoded.length;
        if (!ending) {
            digest.update(encoded);
            parts++;
        }
    }

    private void marker(Kind kind, @Nullable ItemKey item, Object header, byte[] clear) throws IOException {
        sealer.marker(kind, id, folder, item, ArchiveJson.write(header), clear);
    }

    private void count(boolean update) {
        if (update) {
            updates++;
        } else {
            items++;
        }
    }
}
