package io.mailferry.archive.part;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.contracts.id.PageId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and seals items into encoded parts, in one pass and with the same memory whatever the item's size: about a
 * megabyte besides the header, which is held whole. Serves one attempt and one thread; close it to free its native
 * memory.
 *
 * <p>When the content's stream fails in the middle, the parts sent so far stay without their last one. That is allowed:
 * a run that another run follows is void, and whoever stores it leaves it out.
 */
public final class ItemSealer implements AutoCloseable {
    /** The last content chunk ends with the content's length and SHA-256. */
    static final int TRAILER_BYTES = 8 + 32;

    private static final int READ_BYTES = 128 * 1024;

    /** Below this much room the first content chunk goes into a part of its own. */
    private static final int SHARED_ROOM_MIN = 16 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final SealingKey key;
    private final AttemptPlace place;
    private final int level;
    private final PartSink sink;
    private final ZstdCompressCtx compression = new ZstdCompressCtx();
    private final byte[] read = new byte[READ_BYTES];
    private final ByteBuffer plain = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(Part.CHUNK_BYTES_MAX);
    private final MessageDigest sha256 = Sha256.digest();

    /** @param level of zstd; 1 to 3 cost about the same */
    public ItemSealer(SealingKey key, AttemptPlace place, int level, PartSink sink) {
        this.key = key;
        this.place = place;
        this.level = level;
        this.sink = sink;
    }

    /**
     * Sends an item.
     *
     * @param header JSON, see {@link ItemHeader}
     * @param content read to its end, not closed
     */
    public SealedItem content(PageId page, FolderKey folder, ItemKey item, byte[] header, InputStream content)
            throws IOException {
        Run run = new Run(Kind.CONTENT, page, folder, item, ContentId.random(), NOTHING);
        byte[] lastHeaderChunk = run.headerButLast(compress(header));
        long length = run.content(lastHeaderChunk, content);
        return new SealedItem(run.requireContentId(), run.number, length, run.sealedBytes);
    }

    /** Sends an item whose content the archive has already. */
    public SealedItem reference(PageId page, FolderKey folder, ItemKey item, byte[] header, ContentId contentId)
            throws IOException {
        Run run = new Run(Kind.REFERENCE, page, folder, item, contentId, NOTHING);
        run.headerToLast(compress(header));
        return new SealedItem(contentId, run.number, 0, run.sealedBytes);
    }

    /**
     * Sends a folder, deletion, read flag, skip or page end.
     *
     * @param item absent for a page end
     * @return the bytes sent
     */
    public long marker(Kind kind, PageId page, FolderKey folder, @Nullable ItemKey item, byte[] header, byte[] clear)
            throws IOException {
        Run run = new Run(kind, page, folder, item, null, clear);
        run.headerToLast(compress(header));
        return run.sealedBytes;
    }

    private byte[] compress(byte[] header) {
        compression.reset();
        compression.setLevel(level);
        return compression.compress(header);
    }

    private PartLabel label(
            Kind kind,
            @Nullable PageId page,
            @Nullable FolderKey folder,
            @Nullable ItemKey item,
            @Nullable ContentId contentId,
            int number,
            boolean headerLast,
            boolean last,
            byte[] clear) {
        return new PartLabel(
                place.tenant(),
                place.mailbox(),
                place.attempt(),
                page,
                kind,
                folder,
                item,
                contentId,
                number,
                headerLast,
                last,
                clear);
    }

    @Override
    public void close() {
        compression.close();
    }

    /** The parts of one item or marker, being sent. */
    private final class Run {
        private final Kind kind;
        private final PageId page;
        private final FolderKey folder;
        private final @Nullable ItemKey item;
        private final @Nullable ContentId contentId;
        private final byte[] clear;
        private int number;
        private int headerChunks;
        private int contentChunks;
        private long sealedBytes;

        Run(
                Kind kind,
                PageId page,
                FolderKey folder,
                @Nullable ItemKey item,
                @Nullable ContentId contentId,
                byte[] clear) {
            this.kind = kind;
            this.page = page;
            this.folder = folder;
            this.item = item;
            this.contentId = contentId;
            this.clear = clear;
        }

        ContentId requireContentId() {
            if (contentId == null) {
                throw new IllegalStateException("a run without a content id");
            }
            return contentId;
        }

        /** Sends all chunks but the last and returns that one, sealed. */
        byte[] headerButLast(byte[] compressed) throws IOException {
            int sent = 0;
            while (compressed.length - sent > Part.CHUNK_BYTES_MAX) {
                byte[] plainChunk = Arrays.copyOfRange(compressed, sent, sent + Part.CHUNK_BYTES_MAX);
                send(false, false, sealHeader(plainChunk, false), NOTHING);
                sent += Part.CHUNK_BYTES_MAX;
            }
            return sealHeader(Arrays.copyOfRange(compressed, sent, compressed.length), true);
        }

        void headerToLast(byte[] compressed) throws IOException {
            send(true, true, headerButLast(compressed), NOTHING);
        }

        /** @return the content's length before compression */
        long content(byte[] lastHeaderChunk, InputStream content) throws IOException {
            byte[] header = startChunk(lastHeaderChunk);
            compression.reset();
            compression.setLevel(level);
            sha256.reset();
            long length = 0;
            int count = content.read(read);
            while (count >= 0) {
                sha256.update(read, 0, count);
                length += count;
                plain.clear().put(read, 0, count).flip();
                while (plain.hasRemaining()) {
                    compression.compressDirectByteBufferStream(chunk, plain, EndDirective.CONTINUE);
                    header = chunk.hasRemaining() ? header : sendChunk(header, false);
                }
                count = content.read(read);
            }
            plain.clear().flip();
            while (!compression.compressDirectByteBufferStream(chunk, plain, EndDirective.END)) {
                header = sendChunk(header, false);
            }
            header = chunk.remaining() < TRAILER_BYTES ? sendChunk(header, false) : header;
            chunk.putLong(length).put(sha256.digest());
            sendChunk(header, true);
            return length;
        }

        /** The part that ends the header also takes the first content chunk if there is room for more than a crumb. */
        private byte[] startChunk(byte[] lastHeaderChunk) throws IOException {
            chunk.clear();
            int room = Part.CHUNK_BYTES_MAX + SealingKey.OVERHEAD_BYTES - lastHeaderChunk.length;
            if (room < SHARED_ROOM_MIN) {
                send(true, false, lastHeaderChunk, NOTHING);
                return NOTHING;
            }
            chunk.limit(room);
            return lastHeaderChunk;
        }

        /** Sends the chunk as it is and makes room for the next, which has no header beside it. */
        private byte[] sendChunk(byte[] header, boolean last) throws IOException {
            byte[] bytes = new byte[chunk.flip().remaining()];
            chunk.get(bytes);
            chunk.clear();
            byte[] sealed =
                    key.seal(bytes, AssociatedData.content(place.tenant(), requireContentId(), contentChunks, last));
            contentChunks++;
            send(header.length > 0, last, header, sealed);
            return NOTHING;
        }

        private byte[] sealHeader(byte[] plainChunk, boolean last) {
            ItemKey bound = item == null ? folder.asItem() : item;
            return key.seal(
                    plainChunk,
                    AssociatedData.header(
                            place.tenant(), place.mailbox(), kind, bound, page, contentId, headerChunks++, last));
        }

        private void send(boolean headerLast, boolean last, byte[] header, byte[] sealed) throws IOException {
            byte[] clearHere = last ? clear : NOTHING;
            byte[] encoded = Part.encode(
                    label(kind, page, folder, item, contentId, number++, headerLast, last, clearHere), header, sealed);
            sealedBytes += encoded.length;
            sink.send(encoded);
        }
    }
}
