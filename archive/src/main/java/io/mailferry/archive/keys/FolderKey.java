package io.mailferry.archive.keys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;

/**
 * The HMAC of an Exchange folder id within one mailbox, or of the pseudo folder that stands for the folder hierarchy:
 * 32 bytes, ordered as unsigned bytes. Its text form is lower-case hex.
 */
public record FolderKey(long a, long b, long c, long d) implements Comparable<FolderKey> {
    public static final int BYTES = 32;

    /** Reads the next 32 bytes of the buffer. */
    public static FolderKey read(ByteBuffer bytes) {
        return new FolderKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    public static FolderKey of(byte[] bytes) {
        KeyText.requireLength(bytes.length);
        return read(ByteBuffer.wrap(bytes));
    }

    /** @throws IllegalArgumentException if the text is not 64 hex digits */
    @JsonCreator
    public static FolderKey of(String hex) {
        return of(KeyText.bytes(hex));
    }

    public void write(ByteBuffer to) {
        to.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    /** The key under which a folder's own description is indexed: the same bytes, as an item of the hierarchy. */
    public ItemKey asItem() {
        return new ItemKey(a, b, c, d);
    }

    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        write(buffer);
        return buffer.array();
    }

    @Override
    public int compareTo(FolderKey other) {
        int order = Long.compareUnsigned(a, other.a);
        order = order != 0 ? order : Long.compareUnsigned(b, other.b);
        order = order != 0 ? order : Long.compareUnsigned(c, other.c);
        return order != 0 ? order : Long.compareUnsigned(d, other.d);
    }

    @JsonValue
    @Override
    public String toString() {
        return KeyText.hex(bytes());
    }
}
