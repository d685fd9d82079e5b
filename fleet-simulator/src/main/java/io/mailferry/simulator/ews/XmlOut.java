package io.mailferry.simulator.ews;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes XML as a stream. Prefixes are t (types), m (messages) and s (SOAP), declared by the envelope. */
final class XmlOut {
    private static final int BUFFER_CHARACTERS = 8 * 1024;

    private final OutputStream out;
    private final StringBuilder buffer = new StringBuilder(BUFFER_CHARACTERS + 1024);

    XmlOut(OutputStream out) {
        this.out = out;
    }

    /** Opens an element; attributes are pairs of name and value. */
    XmlOut open(String name, String... attributes) throws IOException {
        buffer.append('<').append(name);
        attributes(attributes);
        buffer.append('>');
        return spill();
    }

    XmlOut close(String name) throws IOException {
        buffer.append("</").append(name).append('>');
        return spill();
    }

    XmlOut empty(String name, String... attributes) throws IOException {
        buffer.append('<').append(name);
        attributes(attributes);
        buffer.append("/>");
        return spill();
    }

    XmlOut element(String name, String text) throws IOException {
        buffer.append('<').append(name).append('>');
        escape(text);
        buffer.append("</").append(name).append('>');
        return spill();
    }

    XmlOut text(String text) throws IOException {
        escape(text);
        return spill();
    }

    XmlOut element(String name, boolean value) throws IOException {
        return element(name, Boolean.toString(value));
    }

    XmlOut element(String name, long value) throws IOException {
        return element(name, Long.toString(value));
    }

    /** Markup as it is, well-formed or not. */
    XmlOut raw(String markup) throws IOException {
        buffer.append(markup);
        return spill();
    }

    /** A sink whose bytes appear as base64 in the document; closing it ends the base64, not the document. */
    OutputStream base64() throws IOException {
        drain();
        return new Base64Sink();
    }

    void finish() throws IOException {
        drain();
    }

    private void attributes(String[] pairs) {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            buffer.append(' ').append(pairs[i]).append("=\"");
            escape(pairs[i + 1]);
            buffer.append('"');
        }
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> buffer.append("&amp;");
                case '<' -> buffer.append("&lt;");
                case '>' -> buffer.append("&gt;");
                case '"' -> buffer.append("&quot;");
                default -> buffer.append(c < ' ' && c != '\t' && c != '\n' && c != '\r' ? '?' : c);
            }
        }
    }

    private XmlOut spill() throws IOException {
        if (buffer.length() > BUFFER_CHARACTERS) {
            drain();
        }
        return this;
    }

    private void drain() throws IOException {
        out.write(buffer.toString().getBytes(StandardCharsets.UTF_8));
        buffer.setLength(0);
    }

    private final class Base64Sink extends OutputStream {
        private final byte[] pending = new byte[48 * 1024];
        private int filled;

        @Override
        public void write(int b) throws IOException {
            pending[filled++] = (byte) b;
            if (filled == pending.length) {
                encode();
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int rest = length;
            while (rest > 0) {
                int take = Math.min(rest, pending.length - filled);
                System.arraycopy(bytes, from, pending, filled, take);
                filled += take;
                from += take;
                rest -= take;
                if (filled == pending.length) {
                    encode();
                }
            }
        }

        /** The buffer is a multiple of three long, so that only the last piece is padded. */
        private void encode() throws IOException {
            byte[] piece = filled == pending.length ? pending : java.util.Arrays.copyOf(pending, filled);
            out.write(Base64.getEncoder().encode(piece));
            filled = 0;
        }

        @Override
        public void close() throws IOException {
            encode();
        }
    }
}
