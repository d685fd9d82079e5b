package io.mailferry.simulator.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How MIME carries a text. */
enum TransferEncoding {
    SEVEN_BIT("7bit"),
    EIGHT_BIT("8bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    BASE64("base64");

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int LINE_MAX = 76;

    final String label;

    TransferEncoding(String label) {
        this.label = label;
    }

    byte[] encode(byte[] text) {
        return switch (this) {
            case SEVEN_BIT, EIGHT_BIT -> text;
            case QUOTED_PRINTABLE -> quotedPrintable(text);
            case BASE64 ->
                Base64.getMimeEncoder(LINE_MAX, new byte[] {'\r', '\n'}).encode(text);
        };
    }

    private static byte[] quotedPrintable(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + text.length / 4);
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            int b = text[i] & 0xFF;
            boolean lineBreak = b == '\r' && i + 1 < text.length && text[i + 1] == '\n';
            if (lineBreak) {
                out.write('\r');
                out.write('\n');
                i++;
                column = 0;
                continue;
            }
            boolean plain = b > 32 && b < 127 && b != '=' || b == ' ' && i + 1 < text.length && text[i + 1] != '\r';
            int width = plain ? 1 : 3;
            if (column + width > LINE_MAX - 1) {
                out.write('=');
                out.write('\r');
                out.write('\n');
                column = 0;
            }
            if (plain) {
                out.write(b);
            } else {
                out.write('=');
                out.write(HEX[b >> 4]);
                out.write(HEX[b & 15]);
            }
            column += width;
        }
        return out.toByteArray();
    }
}
