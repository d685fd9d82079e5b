package io.mailferry.archive.keys;

import java.util.HexFormat;

/** The text form of 32-byte keys. */
final class KeyText {
    private static final HexFormat HEX = HexFormat.of();

    private KeyText() {}

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static byte[] bytes(String hex) {
        requireLength(hex.length() / 2);
        return HEX.parseHex(hex);
    }

    static void requireLength(int length) {
        if (length != ItemKey.BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + length);
        }
    }
}
