package io.mailferry.exchange.answer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * An answer as characters that XML permits. Servers emit raw control characters, references to them ({@code &#x1A;},
 * {@code &#x0;}) and broken UTF-8; any of them would end the reading of the whole answer. Each becomes U+FFFD, which
 * is visible in a subject and never valid in Base64, so a damaged body is noticed and not silently shortened.
 *
 * <p>Answers are read as UTF-8 whatever the XML declaration says: EWS knows no other encoding.
 */
final class CleanReader extends Reader {

    private static final char REPLACEMENT = '\uFFFD';
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    /** {@code &#x10FFFF;} and some leading zeros; a longer one is not a reference that anybody means. */
    private static final int REFERENCE_MAX = 16;

    private final Reader source;
    private final char[] buffer = new char[16 * 1024];
    private int position;
    private int limit;
    /** A cleaned reference that did not fit into the caller's array. */
    private String pending = "";

    private boolean begun;

    CleanReader(InputStream answer) {
        this.source = new InputStreamReader(answer, StandardCharsets.UTF_8);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int written = 0;
        while (written < length) {
            if (!pending.isEmpty()) {
                int taken = Math.min(pending.length(), length - written);
                pending.getChars(0, taken, target, offset + written);
                pending = pending.substring(taken);
                written += taken;
                continue;
            }
            if (position == limit && !fill(written == 0)) {
                break;
            }
            written += copyClean(target, offset + written, length - written);
        }
        return written == 0 ? -1 : written;
    }

    /** Blocks only when nothing has been delivered yet, so that an item is not held up by the next one. */
    private boolean fill(boolean mayBlock) throws IOException {
        if (!mayBlock && !source.ready()) {
            return false;
        }
        position = 0;
        limit = Math.max(0, source.read(buffer, 0, buffer.length));
        if (!begun && limit > 0) {
            begun = true;
            position = buffer[0] == BYTE_ORDER_MARK ? 1 : 0;
        }
        return limit > 0;
    }

    private int copyClean(char[] target, int offset, int room) throws IOException {
        int written = 0;
        while (written < room && position < limit) {
            char c = buffer[position++];
            if (c == '&') {
                pending = reference();
                return written;
            }
            target[offset + written++] = isXml(c) ? c : REPLACEMENT;
        }
        return written;
    }

    /** Reads on from an ampersand: a numeric reference to a character that is not XML is replaced. */
    private String reference() throws IOException {
        StringBuilder text = new StringBuilder("&");
        while (text.length() < REFERENCE_MAX) {
            if (position == limit && !fill(true)) {
                return text.toString();
            }
            char c = buffer[position];
            if (text.length() == 1 && c != '#') {
                return text.toString();
            }
            if (c == '&' || c == '<') {
                break;
            }
            position++;
            text.append(isXml(c) ? c : REPLACEMENT);
            if (c == ';') {
                break;
            }
        }
        return isReadableReference(text) ? text.toString() : String.valueOf(REPLACEMENT);
    }

    private static boolean isReadableReference(CharSequence text) {
        boolean hex = text.length() > 3 && text.charAt(2) == 'x';
        int start = hex ? 3 : 2;
        int end = text.length() - 1;
        if (end <= start || text.charAt(end) != ';') {
            return false;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = Character.digit(text.charAt(i), hex ? 16 : 10);
            if (digit < 0 || text.charAt(i) > 'f') {
                return false;
            }
            value = value * (hex ? 16 : 10) + digit;
            if (value > Character.MAX_CODE_POINT) {
                return false;
            }
        }
        boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        return value > 0xFFFF || (!surrogate && isXml((char) value));
    }

    private static boolean isXml(char c) {
        return c >= ' ' ? c < '\uFFFE' : c == '\n' || c == '\r' || c == '\t';
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
