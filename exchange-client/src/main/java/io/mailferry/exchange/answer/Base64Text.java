package io.mailferry.exchange.answer;

import io.mailferry.exchange.failure.ExchangeException;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import java.util.Arrays;

/**
 * Decodes Base64 that arrives in runs of any length. White space is passed over; anything else that is not Base64, a
 * wrong length or data behind the padding is an error and never guessed at.
 */
final class Base64Text {

    private static final byte[] VALUES = values();
    private static final byte SPACE = -2;
    private static final byte PADDING = -3;

    private final AnswerReader.ByteSink sink;
    private final byte[] decoded = new byte[48 * 1024];
    private int size;
    private int bits;
    private int count;
    private int padding;

    Base64Text(AnswerReader.ByteSink sink) {
        this.sink = sink;
    }

    void accept(char[] characters, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char c = characters[i];
            byte value = c < 128 ? VALUES[c] : -1;
            if (value >= 0 && padding == 0) {
                bits = bits << 6 | value;
                if (++count == 4) {
                    emit(3);
                }
            } else if (value == PADDING && count + padding >= 2 && count + padding < 4 && count > 1) {
                padding++;
            } else if (value != SPACE) {
                throw broken();
            }
        }
    }

    void finish() {
        if (count == 1 || (count > 0 && count + padding != 4)) {
            throw broken();
        }
        if (count == 2) {
            bits <<= 12;
            emit(1);
        } else if (count == 3) {
            bits <<= 6;
            emit(2);
        }
        flush();
    }

    private void emit(int bytes) {
        if (size + 3 > decoded.length) {
            flush();
        }
        for (int i = 0; i < bytes; i++) {
            decoded[size++] = (byte) (bits >> 16 - 8 * i);
        }
        bits = 0;
        count = 0;
    }

    private void flush() {
        if (size > 0) {
            sink.accept(decoded, 0, size);
            size = 0;
        }
    }

    private static ExchangeException broken() {
        return new ExchangeException(FailureCategory.POISON, FailureReach.ITEM, "BrokenBase64");
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        for (char c : new char[] {' ', '\t', '\r', '\n'}) {
            values[c] = -2;
        }
        values['='] = -3;
        return values;
    }
}
