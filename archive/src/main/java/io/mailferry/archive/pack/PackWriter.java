package io.mailferry.archive.pack;

import io.mailferry.archive.part.AvroBytes;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartSchema;
import io.mailferry.archive.part.Sha256;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Writes one pack to a scratch file: an Avro object container of parts, codec null, one block for each part. Parts are
 * appended as they are, and every byte passes the checksums once on its way.
 */
public final class PackWriter implements Closeable {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int SYNC_BYTES = 16;

    /** Bytes a part needs beside its own. */
    public static final int BLOCK_OVERHEAD_BYTES = SYNC_BYTES + 1 + 5;

    private final UUID id = UUID.randomUUID();
    private final byte[] sync = new byte[SYNC_BYTES];
    private final ByteBuffer blockHead = ByteBuffer.allocate(2 * 10);
    private final OutputStream file;
    private final MessageDigest sha256 = Sha256.digest();
    private final MessageDigest md5 = md5();
    private final MessageDigest extentSha256 = Sha256.digest();
    private long length;
    private long extentStart = -1;

    /** @param scratch a file that does not exist yet */
    public PackWriter(Path scratch) throws IOException {
        UUID mark = UUID.randomUUID();
        ByteBuffer.wrap(sync).putLong(mark.getMostSignificantBits()).putLong(mark.getLeastSignificantBits());
        file = new BufferedOutputStream(
                Files.newOutputStream(scratch, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), BUFFER_BYTES);
        byte[] head = fileHead();
        write(head, 0, head.length);
    }

    public UUID id() {
        return id;
    }

    /** Bytes so far. */
    public long length() {
        return length;
    }

    /** Whether an extent has been started and not ended. */
    public boolean inExtent() {
        return extentStart >= 0;
    }

    /** Starts an extent at the next part. */
    public void startExtent() {
        extentStart = length;
        extentSha256.reset();
    }

    /** Ends the extent after the last part. */
    public Extent endExtent() {
        if (!inExtent()) {
            throw new IllegalStateException("no extent was started");
        }
        Extent extent = new Extent(id, extentStart, length - extentStart, Sha256.hex(extentSha256));
        extentStart = -1;
        return extent;
    }

    /** Appends a part as a block of its own. */
    public void append(Part part) throws IOException {
        ByteBuffer body = part.body();
        blockHead.clear();
        AvroBytes.putLong(blockHead, 1);
        AvroBytes.putLong(blockHead, body.remaining());
        write(blockHead.array(), 0, blockHead.position());
        write(body.array(), body.arrayOffset() + body.position(), body.remaining());
        write(sync, 0, SYNC_BYTES);
    }

    /** Ends the pack; the file is then complete. */
    public PackContents finish() throws IOException {
        file.close();
        return new PackContents(id, length, Sha256.hex(sha256), HexFormat.of().formatHex(md5.digest()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void write(byte[] bytes, int offset, int count) throws IOException {
        file.write(bytes, offset, count);
        sha256.update(bytes, offset, count);
        md5.update(bytes, offset, count);
        if (inExtent()) {
            extentSha256.update(bytes, offset, count);
        }
        length += count;
    }

    private byte[] fileHead() {
        byte[] schema = PartSchema.SCHEMA.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer head = ByteBuffer.allocate(schema.length + 128);
        head.put(new byte[] {'O', 'b', 'j', 1});
        AvroBytes.putLong(head, 2);
        put(head, "avro.schema".getBytes(StandardCharsets.UTF_8));
        put(head, schema);
        put(head, "avro.codec".getBytes(StandardCharsets.UTF_8));
        put(head, "null".getBytes(StandardCharsets.UTF_8));
        AvroBytes.putLong(head, 0);
        head.put(sync);
        byte[] bytes = new byte[head.flip().remaining()];
        head.get(bytes);
        return bytes;
    }

    private static void put(ByteBuffer to, byte[] bytes) {
        AvroBytes.putLong(to, bytes.length);
        to.put(bytes);
    }

    /** Not for security: object stores compare uploads by it. */
    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
