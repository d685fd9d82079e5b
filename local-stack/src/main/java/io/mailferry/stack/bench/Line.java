package io.mailferry.stack.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One warm connection with at most one request underway. Reads just as much HTTP/1.1 as the services answer: a status
 * and a body with its length, so that the load costs little of the machine that it shares with what it measures.
 */
final class Line {
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length:";

    final int number;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream(0);
    private @Nullable ByteBuffer unsent;
    long sinceNanos;

    Line(int number, InetSocketAddress to, Selector selector) throws IOException {
        this.number = number;
        this.channel = SocketChannel.open(to);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** An answer, whole. */
    record Heard(int status, byte[] body) {}

    void send(byte[] request, long sinceNanos) throws IOException {
        this.sinceNanos = sinceNanos;
        ByteBuffer bytes = ByteBuffer.wrap(request);
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            unsent = bytes;
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    void sendMore() throws IOException {
        if (unsent != null) {
            channel.write(unsent);
            if (!unsent.hasRemaining()) {
                unsent = null;
                key.interestOps(SelectionKey.OP_READ);
            }
        }
    }

    /** The answer, once it is here as a whole. */
    @Nullable
    Heard read(ByteBuffer shared) throws IOException {
        shared.clear();
        int read = channel.read(shared);
        if (read < 0) {
            throw new IOException("the service closed a connection");
        }
        received.write(shared.array(), 0, read);
        byte[] all = received.toByteArray();
        int headEnd = indexOfHeadEnd(all);
        if (headEnd < 0) {
            return null;
        }
        String head = new String(all, 0, headEnd, StandardCharsets.US_ASCII);
        int bodyAt = headEnd + HEAD_END.length;
        int length = length(head);
        if (all.length < bodyAt + length) {
            return null;
        }
        received.reset();
        byte[] body = new byte[length];
        System.arraycopy(all, bodyAt, body, 0, length);
        return new Heard(Integer.parseInt(head.substring(STATUS_AT, STATUS_AT + 3)), body);
    }

    void close() throws IOException {
        channel.close();
    }

    private static int length(String head) throws IOException {
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("an answer without its length");
        }
        int end = lower.indexOf('\r', at);
        return Integer.parseInt(lower.substring(at + LENGTH.length(), end < 0 ? lower.length() : end)
                .strip());
    }

    private static int indexOfHeadEnd(byte[] bytes) {
        for (int at = 0; at <= bytes.length - HEAD_END.length; at++) {
            if (bytes[at] == '\r' && bytes[at + 1] == '\n' && bytes[at + 2] == '\r' && bytes[at + 3] == '\n') {
                return at;
            }
        }
        return -1;
    }
}
