package io.mailferry.archive.restorepoint;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Versions in scratch files. */
final class VersionForm implements RecordForm<Version> {
    private static final Kind[] KINDS = Kind.values();
    private static final int WEIGHT_OF_ENTRY = 400;
    private static final int WEIGHT_OF_EXTENT = 250;

    @Override
    public void write(Version version, DataOutputStream out) throws IOException {
        IndexEntry entry = version.entry();
        out.writeLong(version.logNumber());
        out.write(entry.item().bytes());
        out.write(entry.folder().bytes());
        out.writeByte(entry.kind().ordinal());
        out.writeLong(entry.ordinal());
        write(entry.page().value(), out);
        ContentId contentId = entry.contentId();
        out.writeBoolean(contentId != null);
        if (contentId != null) {
            write(contentId.value(), out);
        }
        out.writeInt(entry.extents().size());
        for (Extent extent : entry.extents()) {
            write(extent.pack(), out);
            out.writeLong(extent.position());
            out.writeLong(extent.length());
            out.write(HexFormat.of().parseHex(extent.sha256()));
        }
        out.writeInt(entry.header().size());
        for (byte[] chunk : entry.header()) {
            out.writeInt(chunk.length);
            out.write(chunk);
        }
        out.writeInt(entry.parts());
        out.writeLong(entry.sealedBytes());
        out.writeUTF(entry.cause() == null ? "" : entry.cause());
    }

    @Override
    public Version read(DataInputStream in) throws IOException {
        long logNumber = in.readLong();
        ItemKey item = ItemKey.of(bytes(in, ItemKey.BYTES));
        FolderKey folder = FolderKey.of(bytes(in, FolderKey.BYTES));
        Kind kind = KINDS[in.readByte()];
        long ordinal = in.readLong();
        PageId page = new PageId(uuid(in));
        ContentId contentId = in.readBoolean() ? new ContentId(uuid(in)) : null;
        List<Extent> extents = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            extents.add(new Extent(
                    uuid(in), in.readLong(), in.readLong(), HexFormat.of().formatHex(bytes(in, 32))));
        }
        List<byte[]> header = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            header.add(bytes(in, in.readInt()));
        }
        int parts = in.readInt();
        long sealedBytes = in.readLong();
        String cause = in.readUTF();
        return new Version(
                logNumber,
                new IndexEntry(
                        item,
                        folder,
                        kind,
                        ordinal,
                        page,
                        contentId,
                        extents,
                        header,
                        parts,
                        sealedBytes,
                        cause.isEmpty() ? null : cause));
    }

    @Override
    public int weight(Version version) {
        int header = version.entry().header().stream()
                .mapToInt(chunk -> chunk.length)
                .sum();
        return WEIGHT_OF_ENTRY + WEIGHT_OF_EXTENT * version.entry().extents().size() + header;
    }

    private static void write(UUID uuid, DataOutputStream out) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static byte[] bytes(DataInputStream in, int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }
}
