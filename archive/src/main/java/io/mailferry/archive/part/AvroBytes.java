package io.mailferry.archive.part;

import java.nio.ByteBuffer;

/** Avro's binary encoding of the few types that parts and container blocks are made of. */
public final class AvroBytes {
    private static final int VARINT_BYTES_MAX = 10;

    private AvroBytes() {}

    /** Zigzag varint, Avro's int and long. */
    public static void putLong(ByteBuffer to, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            to.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    public static int longLength(long value) {
        long rest = (value << 1) ^ (value >> 63);
        return rest == 0 ? 1 : (70 - Long.numberOfLeadingZeros(rest)) / 7;
    }

    /** @throws Damaged if there is no varint */
    public static long readLong(ByteBuffer from) throws Damaged {
        long value = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            if (!from.hasRemaining()) {
                throw new Damaged(Damage.TRUNCATED, "a number is cut off");
            }
            byte next = from.get();
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new Damaged(Damage.MALFORMED, "a number has too many bytes");
    }

    /** Reads a length and checks that so many bytes follow. */
    public static int readLength(ByteBuffer from) throws Damaged {
        long length = readLong(from);
        if (length < 0) {
            throw new Damaged(Damage.MALFORMED, "a length is negative");
        }
        if (length > from.remaining()) {
            throw new Damaged(Damage.TRUNCATED, "a field is cut off");
        }
        return (int) length;
    }
}
