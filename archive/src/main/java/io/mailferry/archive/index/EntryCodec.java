package io.mailferry.archive.index;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/** Index entries as Avro, field by field: a million of them pass here when a restore point is opened. */
final class EntryCodec implements DatumReader<IndexEntry>, DatumWriter<IndexEntry> {
    static final Schema SCHEMA = load();
    static final long FINGERPRINT = SchemaNormalization.parsingFingerprint64(SCHEMA);

    private static final Kind[] KINDS = Kind.values();

    @Override
    public void setSchema(Schema schema) {
        // The reader of a segment compares the schema itself; there is one version only.
    }

    @Override
    public void write(IndexEntry entry, Encoder out) throws IOException {
        out.writeFixed(entry.item().bytes());
        out.writeFixed(entry.folder().bytes());
        out.writeEnum(entry.kind().ordinal());
        out.writeLong(entry.ordinal());
        writeId(out, entry.page().value());
        out.writeIndex(entry.contentId() == null ? 0 : 1);
        if (entry.contentId() == null) {
            out.writeNull();
        } else {
            writeId(out, entry.contentId().value());
        }
        out.writeArrayStart();
        out.setItemCount(entry.extents().size());
        for (Extent extent : entry.extents()) {
            out.startItem();
            writeId(out, extent.pack());
            out.writeLong(extent.position());
            out.writeLong(extent.length());
            out.writeFixed(HexFormat.of().parseHex(extent.sha256()));
        }
        out.writeArrayEnd();
        out.writeArrayStart();
        out.setItemCount(entry.header().size());
        for (byte[] chunk : entry.header()) {
            out.startItem();
            out.writeBytes(chunk);
        }
        out.writeArrayEnd();
        out.writeInt(entry.parts());
        out.writeLong(entry.sealedBytes());
        out.writeIndex(entry.cause() == null ? 0 : 1);
        if (entry.cause() == null) {
            out.writeNull();
        } else {
            out.writeString(entry.cause());
        }
    }

    @Override
    public IndexEntry read(@Nullable IndexEntry reuse, Decoder in) throws IOException {
        byte[] key = new byte[ItemKey.BYTES];
        in.readFixed(key);
        ItemKey item = ItemKey.of(key);
        in.readFixed(key);
        FolderKey folder = FolderKey.of(key);
        int kind = in.readEnum();
        if (kind < 0 || kind >= KINDS.length) {
            throw new IOException("kind " + kind);
        }
        long ordinal = in.readLong();
        PageId page = new PageId(readId(in));
        ContentId contentId = in.readIndex() == 0 ? null : new ContentId(readId(in));
        List<Extent> extents = new ArrayList<>();
        for (long block = in.readArrayStart(); block > 0; block = in.arrayNext()) {
            for (long i = 0; i < block; i++) {
                UUID pack = readId(in);
                long position = in.readLong();
                long length = in.readLong();
                in.readFixed(key);
                extents.add(new Extent(pack, position, length, HexFormat.of().formatHex(key)));
            }
        }
        List<byte[]> header = new ArrayList<>();
        for (long block = in.readArrayStart(); block > 0; block = in.arrayNext()) {
            for (long i = 0; i < block; i++) {
                ByteBuffer chunk = in.readBytes(null);
                byte[] bytes = new byte[chunk.remaining()];
                chunk.get(bytes);
                header.add(bytes);
            }
        }
        int parts = in.readInt();
        long sealedBytes = in.readLong();
        String cause = in.readIndex() == 0 ? null : in.readString();
        return new IndexEntry(
                item, folder, KINDS[kind], ordinal, page, contentId, extents, header, parts, sealedBytes, cause);
    }

    private static void writeId(Encoder out, UUID id) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        out.writeFixed(bytes.array());
    }

    private static UUID readId(Decoder in) throws IOException {
        byte[] bytes = new byte[16];
        in.readFixed(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static Schema load() {
        try (InputStream schema = EntryCodec.class.getResourceAsStream("/io/mailferry/archive/index.avsc")) {
            return new Schema.Parser().parse(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
