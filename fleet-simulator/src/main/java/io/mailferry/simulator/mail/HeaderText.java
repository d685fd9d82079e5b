package io.mailferry.simulator.mail;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Header values as mailers write them: folded, in encoded words (RFC 2047), in parameters with a charset (RFC 2231). */
final class HeaderText {
    private static final int WORD_BYTES_MAX = 36;
    private static final int LINE_MAX = 76;

    private HeaderText() {}

    /** An unstructured value; encoded words in the script's charset if that can say it all, else in UTF-8. */
    static String unstructured(String text, Script script) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            return folded(text);
        }
        boolean own = script != Script.UTF16 && script.charset.newEncoder().canEncode(text);
        Charset charset = own ? script.charset : StandardCharsets.UTF_8;
        String name = own ? script.charsetName : "utf-8";
        boolean q = script == Script.LATIN1 || script == Script.LATIN9 || script == Script.WINDOWS;
        StringBuilder out = new StringBuilder(text.length() * 2);
        int from = 0;
        while (from < text.length()) {
            int to = from;
            // A word holds whole characters only; a stateful charset is left in its initial state by each word.
            while (to < text.length()) {
                int next = text.offsetByCodePoints(to, 1);
                if (next - from > 1
                        && text.substring(from, next).getBytes(charset).length > (q ? 16 : WORD_BYTES_MAX)) {
                    break;
                }
                to = next;
            }
            if (from > 0) {
                out.append("\r\n ");
            }
            byte[] bytes = text.substring(from, to).getBytes(charset);
            out.append("=?").append(name).append(q ? "?Q?" : "?B?");
            out.append(q ? quoted(bytes) : Base64.getEncoder().encodeToString(bytes))
                    .append("?=");
            from = to;
        }
        return out.toString();
    }

    /** A mailbox in an address list. */
    static String mailbox(Person person, Script script) {
        boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(person.name());
        String name = ascii ? "\"" + person.name() + "\"" : unstructured(person.name(), script);
        return name + " <" + person.address() + ">";
    }

    /** A file name as the parameters of Content-Type or Content-Disposition; the variant says in which of four ways. */
    static String fileName(String parameter, String name, int variant, Script script) {
        return switch (variant & 3) {
            case 0 -> ";\r\n " + parameter + "*=utf-8''" + percent(name);
            case 1 -> continued(parameter, percent(name));
            case 2 -> ";\r\n " + parameter + "=\"" + unstructured(name, script).replace("\r\n ", " ") + "\"";
            default -> ";\r\n " + parameter + "=\"" + name.replaceAll("[^A-Za-z0-9._-]", "_") + "\"";
        };
    }

    private static String continued(String parameter, String value) {
        StringBuilder out = new StringBuilder();
        int number = 0;
        int from = 0;
        while (from < value.length()) {
            int to = Math.min(value.length(), from + 30);
            while (to < value.length() && (value.charAt(to - 1) == '%' || value.charAt(to - 2) == '%')) {
                to--;
            }
            out.append(";\r\n ").append(parameter).append('*').append(number).append("*=");
            out.append(number == 0 ? "utf-8''" : "").append(value, from, to);
            number++;
            from = to;
        }
        return out.toString();
    }

    private static String percent(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && (Character.isLetterOrDigit(b) || b == '.' || b == '-' || b == '_')) {
                out.append((char) b);
            } else {
                hex(out.append('%'), b);
            }
        }
        return out.toString();
    }

    private static String quoted(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            if (b == ' ') {
                out.append('_');
            } else if (b > 0 && Character.isLetterOrDigit(b)) {
                out.append((char) b);
            } else {
                hex(out.append('='), b);
            }
        }
        return out.toString();
    }

    private static void hex(StringBuilder out, byte b) {
        out.append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)));
        out.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
    }

    private static String folded(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        int column = 10;
        for (String word : text.split(" ", -1)) {
            if (column > 10 && column + word.length() > LINE_MAX) {
                out.append("\r\n ");
                column = 1;
            } else if (!out.isEmpty()) {
                out.append(' ');
            }
            out.append(word);
            column += word.length() + 1;
        }
        return out.toString();
    }
}
