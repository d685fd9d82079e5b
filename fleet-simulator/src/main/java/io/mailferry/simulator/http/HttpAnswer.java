package io.mailferry.simulator.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The answer to one request: sent whole, or streamed in chunks; may be slowed or broken on purpose. */
public final class HttpAnswer {
    private static final int CHUNK_BYTES = 32 * 1024;

    private final Socket socket;
    private final OutputStream wire;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private long bytesPerSecond = Long.MAX_VALUE;
    private long resetAfterBytes = Long.MAX_VALUE;
    private boolean begun;
    private boolean complete;

    HttpAnswer(Socket socket, OutputStream wire) {
        this.socket = socket;
        this.wire = wire;
    }

    /** Adds a header to an answer that has not begun. */
    public void header(String name, String value) {
        headers.put(name, value);
    }

    /** From now on the answer's body trickles at this rate. */
    public void slowTo(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** The connection is reset once this many bytes of the body were sent. */
    public void resetAfter(long bytes) {
        this.resetAfterBytes = bytes;
    }

    /** Sends a whole answer. */
    public void send(int status, String contentType, byte[] body) throws IOException {
        if (bytesPerSecond != Long.MAX_VALUE || resetAfterBytes != Long.MAX_VALUE) {
            try (OutputStream out = begin(status, contentType)) {
                out.write(body);
            }
            return;
        }
        head(status, contentType, "Content-Length: " + body.length);
        wire.write(body);
        wire.flush();
        complete = true;
    }

    /** Sends a whole answer of UTF-8 text. */
    public void send(int status, String contentType, String body) throws IOException {
        send(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Begins a chunked answer; closing the stream completes it. */
    public OutputStream begin(int status, String contentType) throws IOException {
        head(status, contentType, "Transfer-Encoding: chunked");
        return new Chunks();
    }

    /** Resets the connection: the peer sees no orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        throw new IOException("Connection reset on purpose");
    }

    /** Whether a byte of the answer was written. */
    public boolean hasBegun() {
        return begun;
    }

    boolean complete() {
        return complete;
    }

    private void head(int status, String contentType, String framing) throws IOException {
        if (begun) {
            throw new IllegalStateException("The answer has begun already");
        }
        begun = true;
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        text.append("Content-Type: ").append(contentType).append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        text.append(framing).append("\r\n\r\n");
        wire.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Payload Too Large";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }

    private final class Chunks extends OutputStream {
        private final byte[] buffer = new byte[CHUNK_BYTES];
        private int filled;
        private long sent;

        @Override
        public void write(int b) throws IOException {
            if (filled == buffer.length) {
                chunk();
            }
            buffer[filled++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int rest = length;
            while (rest > 0) {
                if (filled == buffer.length) {
                    chunk();
                }
                int take = Math.min(rest, buffer.length - filled);
                System.arraycopy(bytes, from, buffer, filled, take);
                filled += take;
                from += take;
                rest -= take;
            }
        }

        /** Sends what is buffered in pieces small enough that a slow or reset answer is so at the byte, not at the chunk. */
        private void chunk() throws IOException {
            int from = 0;
            while (from < filled) {
                int piece = (int) Math.min(filled - from, Math.max(1, bytesPerSecond / 20));
                piece = (int) Math.min(piece, Math.max(1, resetAfterBytes - sent));
                wire.write((Integer.toHexString(piece) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                wire.write(buffer, from, piece);
                wire.write('\r');
                wire.write('\n');
                from += piece;
                sent += piece;
                if (bytesPerSecond != Long.MAX_VALUE) {
                    wire.flush();
                    pause(piece);
                }
                if (sent >= resetAfterBytes) {
                    wire.flush();
                    reset();
                }
            }
            filled = 0;
        }

        private void pause(int bytes) throws IOException {
            try {
                Thread.sleep(Math.min(1000L, 1 + bytes * 1000L / bytesPerSecond));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while answering slowly", e);
            }
        }

        @Override
        public void flush() {
            // Chunks are cut by size; flushing early would only make more of them.
        }

        @Override
        public void close() throws IOException {
            if (complete) {
                return;
            }
            chunk();
            if (resetAfterBytes != Long.MAX_VALUE) {
                // The answer was shorter than the point of reset: it still must not end in order.
                wire.flush();
                reset();
            }
            wire.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            wire.flush();
            complete = true;
        }
    }
}
