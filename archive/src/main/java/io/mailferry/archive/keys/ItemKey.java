package io.mailferry.archive.keys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;

/**
 * The HMAC of an Exchange item id within one mailbox: 32 bytes, kept as four longs because a restore point may hold a
 * million of them. Ordered as unsigned bytes. Its text form is lower-case hex.
 */
public record ItemKey(long a, long b, long c, long d) implements Comparable<ItemKey> {
    public static final int BYTES = 32;

    /** Reads the next 32 bytes of the buffer. */
    public static ItemKey read(ByteBuffer bytes) {
        return new ItemKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    public static ItemKey of(byte[] bytes) {
        KeyText.requireLength(bytes.length);
        return read(ByteBuffer.wrap(bytes));
    }

    /** @throws IllegalArgumentException if the text is not 64 hex digits */
    @JsonCreator
    public static ItemKey of(String hex) {
        return of(KeyText.bytes(hex));
    }

    public void write(ByteBuffer to) {
        to.putLong(a).putLong(b).putLong(c).putLong(d);
    }

    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(BYTES);
        write(buffer);
        return buffer.array();
    }

    @Override
    public int compareTo(ItemKey other) {
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
