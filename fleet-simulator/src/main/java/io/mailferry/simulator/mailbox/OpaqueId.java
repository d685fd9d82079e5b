package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Chance;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Ids and sync states as clients see them: base64 with every letter of meaning, bound to their mailbox and kind, so that a
 * foreign, old or damaged one is known for what it is.
 */
final class OpaqueId {
    static final int ITEM = 1;
    static final int FOLDER = 2;
    static final int ITEM_SYNC = 3;
    static final int HIERARCHY_SYNC = 4;

    /** Exchange's own ids begin with these, which gives the well-known AAMk. */
    private static final byte[] PREFIX = {0x00, 0x03, 0x24, 0x00};

    private static final int NUMBERS = 5;
    /** Brings an id to the 152 characters that Exchange's have. */
    private static final int FILLER_BYTES = 45;

    private OpaqueId() {}

    static String encode(int kind, UUID mailbox, int... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(PREFIX.length + 36 + 1 + NUMBERS * 4 + 8 + FILLER_BYTES);
        bytes.put(PREFIX)
                .put(mailbox.toString().getBytes(StandardCharsets.US_ASCII))
                .put((byte) kind);
        for (int i = 0; i < NUMBERS; i++) {
            bytes.putInt(i < numbers.length ? numbers[i] : 0);
        }
        long check = Chance.seedOf(mailbox.getLeastSignificantBits(), kind, java.util.Arrays.hashCode(bytes.array()));
        bytes.putLong(check);
        byte[] filler = new byte[FILLER_BYTES];
        Chance.of(check).fill(filler, FILLER_BYTES);
        bytes.put(filler);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** The numbers that were encoded, or empty if this is none of that mailbox's ids of that kind. */
    static Optional<int[]> decode(int kind, UUID mailbox, String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int start = PREFIX.length + 36 + 1;
        if (bytes.length != start + NUMBERS * 4 + 8 + FILLER_BYTES) {
            return Optional.empty();
        }
        int[] numbers = new int[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = ByteBuffer.wrap(bytes).getInt(start + i * 4);
        }
        return encode(kind, mailbox, numbers).equals(text) ? Optional.of(numbers) : Optional.empty();
    }

    static String changeKey(int kind, int number, int version, long seed) {
        ByteBuffer bytes = ByteBuffer.allocate(24);
        bytes.put((byte) 9).put(new byte[3]).put((byte) 0x16).put(new byte[3]);
        bytes.putInt(version).putInt(number).putLong(Chance.seedOf(seed, kind, number, version));
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
