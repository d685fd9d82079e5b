package io.mailferry.archive.part;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One encoded part with its label decoded. The sealed bytes stay where they are until they are asked for, so that
 * storing a part costs neither a copy nor a look at them.
 */
public final class Part {
    /** Together, the chunks of one part hold at most this many bytes before sealing. */
    public static final int CHUNK_BYTES_MAX = 512 * 1024;

    /** No encoded part is larger; the rest of a page end or an attempt's end goes into further parts. */
    public static final int ENCODED_BYTES_MAX = CHUNK_BYTES_MAX + 4 * 1024;

    private static final Kind[] KINDS = Kind.values();

    private final PartLabel label;
    private final byte[] bytes;
    private final int bodyOffset;
    private final int bodyLength;
    private final int headerOffset;
    private final int headerLength;
    private final int contentOffset;
    private final int contentLength;

    private Part(PartLabel label, byte[] bytes, int bodyOffset, int bodyLength, Slice header, Slice content) {
        this.label = label;
        this.bytes = bytes;
        this.bodyOffset = bodyOffset;
        this.bodyLength = bodyLength;
        this.headerOffset = header.offset;
        this.headerLength = header.length;
        this.contentOffset = content.offset;
        this.contentLength = content.length;
    }

    /**
     * Reads a Kafka value: Avro single-object encoding.
     *
     * @throws Damaged MALFORMED, TRUNCATED, or UNSUPPORTED when the schema is another one
     */
    public static Part read(byte[] value) throws Damaged {
        if (value.length < PartSchema.PREAMBLE_BYTES
                || value[0] != PartSchema.MARKER_0
                || value[1] != PartSchema.MARKER_1) {
            throw new Damaged(Damage.MALFORMED, "not a single encoded Avro object");
        }
        long fingerprint = Long.reverseBytes(ByteBuffer.wrap(value).getLong(2));
        if (fingerprint != PartSchema.FINGERPRINT) {
            throw new Damaged(Damage.UNSUPPORTED, "part of schema " + Long.toHexString(fingerprint));
        }
        return readBody(value, PartSchema.PREAMBLE_BYTES, value.length - PartSchema.PREAMBLE_BYTES);
    }

    /**
     * Reads a record of a pack: the body without the single-object preamble. Keeps the array.
     *
     * @throws Damaged MALFORMED or TRUNCATED
     */
    public static Part readBody(byte[] bytes, int offset, int length) throws Damaged {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        PartLabel label = readLabel(in);
        Slice header = slice(in);
        Slice content = slice(in);
        if (in.hasRemaining()) {
            throw new Damaged(Damage.MALFORMED, "bytes after the end of a part");
        }
        return new Part(label, bytes, offset, length, header, content);
    }

    /**
     * How many bytes the record at the offset has, where several follow each other in a pack's block.
     *
     * @throws Damaged MALFORMED or TRUNCATED
     */
    public static int bodyLength(byte[] bytes, int offset, int available) throws Damaged {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, available);
        readLabel(in);
        slice(in);
        slice(in);
        return in.position() - offset;
    }

    private static PartLabel readLabel(ByteBuffer in) throws Damaged {
        TenantId tenant = new TenantId(uuid(in));
        MailboxId mailbox = new MailboxId(uuid(in));
        AttemptId attempt = new AttemptId(uuid(in));
        PageId page = present(in) ? new PageId(uuid(in)) : null;
        Kind kind = kind(in);
        FolderKey folder = present(in) ? FolderKey.read(need(in, FolderKey.BYTES)) : null;
        ItemKey item = present(in) ? ItemKey.read(need(in, ItemKey.BYTES)) : null;
        ContentId contentId = present(in) ? new ContentId(uuid(in)) : null;
        long number = AvroBytes.readLong(in);
        boolean headerLast = flag(in);
        boolean last = flag(in);
        Slice clear = slice(in);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new Damaged(Damage.MALFORMED, "part number " + number);
        }
        byte[] clearBytes = Arrays.copyOfRange(in.array(), clear.offset, clear.offset + clear.length);
        try {
            return new PartLabel(
                    tenant,
                    mailbox,
                    attempt,
                    page,
                    kind,
                    folder,
                    item,
                    contentId,
                    (int) number,
                    headerLast,
                    last,
                    clearBytes);
        } catch (IllegalArgumentException e) {
            throw new Damaged(Damage.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    public PartLabel label() {
        return label;
    }

    /** The whole encoded part, as it crosses Kafka, when it was read from there. */
    public int encodedLength() {
        return PartSchema.PREAMBLE_BYTES + bodyLength;
    }

    /** The Avro record itself, without the single-object preamble; a view, not a copy. */
    public ByteBuffer body() {
        return ByteBuffer.wrap(bytes, bodyOffset, bodyLength);
    }

    public int headerLength() {
        return headerLength;
    }

    public int contentLength() {
        return contentLength;
    }

    /** A copy of the sealed header chunk, empty if there is none. */
    public byte[] sealedHeader() {
        return Arrays.copyOfRange(bytes, headerOffset, headerOffset + headerLength);
    }

    /** A copy of the sealed content chunk, empty if there is none. */
    public byte[] sealedContent() {
        return Arrays.copyOfRange(bytes, contentOffset, contentOffset + contentLength);
    }

    /** Encodes a part as it crosses Kafka. */
    public static byte[] encode(PartLabel label, byte[] header, byte[] content) {
        int length = PartSchema.PREAMBLE_BYTES
                + labelLength(label)
                + AvroBytes.longLength(header.length)
                + header.length
                + AvroBytes.longLength(content.length)
                + content.length;
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(PartSchema.MARKER_0).put(PartSchema.MARKER_1);
        out.putLong(Long.reverseBytes(PartSchema.FINGERPRINT));
        put(out, label.tenant().value());
        put(out, label.mailbox().value());
        put(out, label.attempt().value());
        put(out, label.page() == null ? null : label.page().value(), true);
        AvroBytes.putLong(out, label.kind().ordinal());
        out.put((byte) (label.folder() == null ? 0 : 2));
        if (label.folder() != null) {
            label.folder().write(out);
        }
        out.put((byte) (label.item() == null ? 0 : 2));
        if (label.item() != null) {
            label.item().write(out);
        }
        put(out, label.contentId() == null ? null : label.contentId().value(), true);
        AvroBytes.putLong(out, label.number());
        out.put((byte) (label.headerLast() ? 1 : 0));
        out.put((byte) (label.last() ? 1 : 0));
        putBytes(out, label.clear());
        putBytes(out, header);
        putBytes(out, content);
        return out.array();
    }

    private static int labelLength(PartLabel label) {
        return 3 * 16
                + (label.page() == null ? 1 : 17)
                + AvroBytes.longLength(label.kind().ordinal())
                + (label.folder() == null ? 1 : 33)
                + (label.item() == null ? 1 : 33)
                + (label.contentId() == null ? 1 : 17)
                + AvroBytes.longLength(label.number())
                + 2
                + AvroBytes.longLength(label.clear().length)
                + label.clear().length;
    }

    private static void put(ByteBuffer out, @Nullable UUID id, boolean optional) {
        if (optional) {
            out.put((byte) (id == null ? 0 : 2));
        }
        if (id != null) {
            put(out, id);
        }
    }

    private static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static void putBytes(ByteBuffer out, byte[] bytes) {
        AvroBytes.putLong(out, bytes.length);
        out.put(bytes);
    }

    private static UUID uuid(ByteBuffer in) throws Damaged {
        need(in, 16);
        return new UUID(in.getLong(), in.getLong());
    }

    private static boolean present(ByteBuffer in) throws Damaged {
        return switch (need(in, 1).get()) {
            case 0 -> false;
            case 2 -> true;
            default -> throw new Damaged(Damage.MALFORMED, "neither absent nor present");
        };
    }

    private static boolean flag(ByteBuffer in) throws Damaged {
        return switch (need(in, 1).get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new Damaged(Damage.MALFORMED, "neither true nor false");
        };
    }

    private static Kind kind(ByteBuffer in) throws Damaged {
        long ordinal = AvroBytes.readLong(in);
        if (ordinal < 0 || ordinal >= KINDS.length) {
            throw new Damaged(Damage.MALFORMED, "kind " + ordinal);
        }
        return KINDS[(int) ordinal];
    }

    private static ByteBuffer need(ByteBuffer in, int count) throws Damaged {
        if (in.remaining() < count) {
            throw new Damaged(Damage.TRUNCATED, "a part is cut off");
        }
        return in;
    }

    private static Slice slice(ByteBuffer in) throws Damaged {
        int length = AvroBytes.readLength(in);
        int offset = in.arrayOffset() + in.position();
        in.position(in.position() + length);
        return new Slice(offset, length);
    }

    private record Slice(int offset, int length) {}
}
