package io.mailferry.archive.part;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens items of one mailbox, and believes nothing: order, keys, ends, length and checksum are all compared. Safe for
 * use by several threads.
 */
public final class ItemOpener {
    /** No header is larger than this before compression; a damaged one may pretend to be. */
    private static final int HEADER_BYTES_MAX = 32 * 1024 * 1024;

    private final TenantId tenant;
    private final MailboxId mailbox;
    private final SealingKey key;
    private final MacKey mac;

    public ItemOpener(TenantId tenant, MailboxId mailbox, SealingKey key, MacKey mac) {
        this.tenant = tenant;
        this.mailbox = mailbox;
        this.key = key;
        this.mac = mac;
    }

    /**
     * Opens a run: reads its header at once, its content as it is asked for.
     *
     * @throws Damaged if any part is not what it should be
     */
    public OpenedItem open(PartSource parts) throws IOException {
        PartRun run = new PartRun();
        List<byte[]> chunks = new ArrayList<>();
        Part part;
        do {
            part = next(parts, run);
            chunks.add(part.sealedHeader());
        } while (!part.label().headerLast());
        PartLabel label = part.label();
        byte[] header = header(label, chunks);
        if (label.kind() != Kind.CONTENT) {
            return new OpenedItem(label, header, null);
        }
        return new OpenedItem(label, header, content(parts, run, part));
    }

    /**
     * The content of a run that a reference names, or of any content run, without opening its header.
     *
     * @throws Damaged if the run is not this content
     */
    public InputStream content(PartSource parts, ContentId contentId) throws IOException {
        PartRun run = new PartRun();
        Part part;
        do {
            part = next(parts, run);
        } while (!part.label().headerLast());
        if (part.label().kind() != Kind.CONTENT
                || !contentId.equals(part.label().contentId())) {
            throw new Damaged(Damage.FOREIGN, "another content than the one referred to");
        }
        return content(parts, run, part);
    }

    /**
     * Opens a header from its chunks alone, as an index entry bears them.
     *
     * @param item the item, or the described folder
     * @throws Damaged NOT_AUTHENTIC if key, place and chunks do not belong together
     */
    public byte[] header(Kind kind, ItemKey item, PageId page, @Nullable ContentId contentId, List<byte[]> chunks)
            throws IOException {
        List<InputStream> plain = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            byte[] bound =
                    AssociatedData.header(tenant, mailbox, kind, item, page, contentId, i, i == chunks.size() - 1);
            plain.add(new ByteArrayInputStream(unseal(chunks.get(i), bound, "header")));
        }
        return decompress(new SequenceInputStream(Collections.enumeration(plain)));
    }

    /** Opens the sync state that a page end bears. */
    public SyncState syncState(FolderKey folder, PageId page, List<byte[]> chunks) throws IOException {
        byte[] json = header(Kind.PAGE_END, folder.asItem(), page, null, chunks);
        return ArchiveJson.read(json, SyncState.class, "sync state");
    }

    /**
     * Reads an item's header and compares the ids in it with the keys in clear.
     *
     * @throws Damaged FOREIGN if they differ
     */
    public ItemHeader itemHeader(byte[] json, ItemKey item, FolderKey folder) throws Damaged {
        ItemHeader header = ArchiveJson.read(json, ItemHeader.class, "item header");
        requireKeys(header.itemId(), header.folderId(), item, folder);
        return header;
    }

    /** The same for a deletion, read flag or skip. */
    public MarkerHeader markerHeader(byte[] json, ItemKey item, FolderKey folder) throws Damaged {
        MarkerHeader header = ArchiveJson.read(json, MarkerHeader.class, "marker header");
        requireKeys(header.itemId(), header.folderId(), item, folder);
        return header;
    }

    /** The same for a folder's description. */
    public FolderHeader folderHeader(byte[] json, ItemKey folder) throws Damaged {
        FolderHeader header = ArchiveJson.read(json, FolderHeader.class, "folder header");
        if (header.folderId() == null
                || !mac.folder(mailbox, header.folderId()).asItem().equals(folder)) {
            throw new Damaged(Damage.FOREIGN, "a folder's key is not that of its id");
        }
        return header;
    }

    private void requireKeys(String itemId, String folderId, ItemKey item, FolderKey folder) throws Damaged {
        if (itemId == null
                || folderId == null
                || !mac.item(mailbox, itemId).equals(item)
                || !mac.folder(mailbox, folderId).equals(folder)) {
            throw new Damaged(Damage.FOREIGN, "an item's keys are not those of its ids");
        }
    }

    private byte[] header(PartLabel label, List<byte[]> chunks) throws IOException {
        ItemKey item = label.item();
        FolderKey folder = label.folder();
        PageId page = label.page();
        if (folder == null || page == null) {
            throw new Damaged(Damage.MALFORMED, "a part without folder and page has no header");
        }
        return header(label.kind(), item == null ? folder.asItem() : item, page, label.contentId(), chunks);
    }

    private InputStream content(PartSource parts, PartRun run, Part first) throws IOException {
        ContentChunks chunks = new ContentChunks(parts, run, first);
        return new VerifiedContent(
                new ZstdInputStreamNoFinalizer(chunks, RecyclingBufferPool.INSTANCE), chunks::trailer);
    }

    private static byte[] decompress(InputStream compressed) throws IOException {
        try (InputStream plain = new ZstdInputStreamNoFinalizer(compressed, RecyclingBufferPool.INSTANCE)) {
            byte[] header = plain.readNBytes(HEADER_BYTES_MAX + 1);
            if (header.length > HEADER_BYTES_MAX) {
                throw new Damaged(Damage.MALFORMED, "a header of more than " + HEADER_BYTES_MAX + " bytes");
            }
            return header;
        } catch (ZstdIOException e) {
            throw new Damaged(Damage.MALFORMED, "a header that does not decompress");
        }
    }

    private Part next(PartSource parts, PartRun run) throws IOException {
        Part part = parts.next();
        if (part == null) {
            throw new Damaged(Damage.TRUNCATED, "the last part is missing");
        }
        if (!part.label().tenant().equals(tenant) || !part.label().mailbox().equals(mailbox)) {
            throw new Damaged(Damage.FOREIGN, "a part of another mailbox");
        }
        run.accept(part);
        return part;
    }

    private byte[] unseal(byte[] sealed, byte[] associatedData, String what) throws Damaged {
        try {
            return key.open(sealed, associatedData);
        } catch (GeneralSecurityException e) {
            throw new Damaged(Damage.NOT_AUTHENTIC, "a chunk of the " + what + " does not open");
        }
    }

    /** The compressed content, chunk by chunk; keeps the trailer of the last one to itself. */
    private final class ContentChunks extends InputStream {
        private final PartSource parts;
        private final PartRun run;
        private final ContentId contentId;
        private @Nullable Part pending;
        private int number;
        private byte[] chunk = new byte[0];
        private int position;
        private int end;
        private byte @Nullable [] trailer;

        ContentChunks(PartSource parts, PartRun run, Part first) throws Damaged {
            this.parts = parts;
            this.run = run;
            ContentId named = first.label().contentId();
            if (named == null) {
                throw new Damaged(Damage.MALFORMED, "content without an id");
            }
            this.contentId = named;
            this.pending = first.contentLength() > 0 ? first : null;
        }

        byte[] trailer() throws Damaged {
            if (trailer == null) {
                throw new Damaged(Damage.TRUNCATED, "the content's end is missing");
            }
            return trailer;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (position == end) {
                if (trailer != null) {
                    return -1;
                }
                advance();
            }
            int count = Math.min(length, end - position);
            System.arraycopy(chunk, position, to, offset, count);
            position += count;
            return count;
        }

        private void advance() throws IOException {
            Part part = pending;
            if (part == null) {
                part = next(parts, run);
            }
            pending = null;
            boolean last = part.label().last();
            chunk = unseal(part.sealedContent(), AssociatedData.content(tenant, contentId, number++, last), "content");
            position = 0;
            end = chunk.length;
            if (last) {
                end -= ItemSealer.TRAILER_BYTES;
                if (end < 0) {
                    throw new Damaged(Damage.MALFORMED, "a last chunk without length and checksum");
                }
                trailer = Arrays.copyOfRange(chunk, end, chunk.length);
            }
        }
    }
}
