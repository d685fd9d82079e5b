package io.mailferry.stack.bench;

import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Many warm connections, driven by the calling thread. Lines take turns, so that every agent of a fleet is heard. */
final class Load implements AutoCloseable {
    private static final Duration LATE_ANSWERS = Duration.ofSeconds(30);
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();
    private final ByteBuffer shared = ByteBuffer.allocate(64 * 1024);

    /** Opens the connections. */
    Load(String url, int count) {
        URI uri = URI.create(url);
        InetSocketAddress to = new InetSocketAddress(uri.getHost(), uri.getPort());
        try {
            selector = Selector.open();
            for (int number = 0; number < count; number++) {
                lines.add(new Line(number, to, selector));
            }
        } catch (IOException e) {
            throw new StackFailure(
                    "Not all " + count + " connections could be opened; is the limit of open files (ulimit -n) higher"
                            + " than that? " + e.getMessage(),
                    e);
        }
    }

    /** A request that must be sent as JSON. */
    static byte[] post(String path, String authorisation, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + (authorisation.isEmpty() ? "" : "Authorization: Bearer " + authorisation + "\r\n")
                        + "Content-Length: " + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[head.length + content.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(content, 0, whole, head.length, content.length);
        return whole;
    }

    /** Carries the talk over the lines and returns when every request that was begun is answered. */
    Figures run(Talk talk, Pace pace) {
        try {
            return new Run(talk, pace).carry();
        } catch (IOException e) {
            throw new StackFailure("The load broke off: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            for (Line line : lines) {
                line.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new StackFailure("The connections could not be closed.", e);
        }
    }

    private final class Run {
        private final Talk talk;
        private final Pace pace;
        private final Figures figures = new Figures();
        private final Deque<Line> idle = new ArrayDeque<>(lines);
        private final long startedNanos = System.nanoTime();
        private long begun;
        private int underway;

        Run(Talk talk, Pace pace) {
            this.talk = talk;
            this.pace = pace;
        }

        Figures carry() throws IOException {
            figures.started(startedNanos);
            long beginUntil = startedNanos + pace.during().toNanos();
            long hearUntil = beginUntil + LATE_ANSWERS.toNanos();
            while (true) {
                long now = System.nanoTime();
                boolean mayBegin = now < beginUntil && begun < pace.requestsMax();
                if (mayBegin) {
                    begin(now);
                } else if (underway == 0) {
                    return figures;
                }
                if (now > hearUntil) {
                    throw new IOException(underway + " requests were not answered in time");
                }
                selector.select(1);
                for (SelectionKey key : selector.selectedKeys()) {
                    hear((Line) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        }

        private void begin(long now) throws IOException {
            while (underway < pace.underwayMax() && begun < pace.requestsMax() && !idle.isEmpty()) {
                long due = pace.perSecond() == 0 ? now : startedNanos + begun * 1_000_000_000L / pace.perSecond();
                if (due > now) {
                    return;
                }
                Line line = idle.poll();
                // Late is late from when it should have been said, not from when there was a free line for it.
                line.send(talk.next(line.number), due);
                begun++;
                underway++;
            }
        }

        private void hear(Line line) throws IOException {
            line.sendMore();
            Line.Heard heard = line.read(shared);
            if (heard == null) {
                return;
            }
            underway--;
            idle.add(line);
            long now = System.nanoTime();
            if (heard.status() / 100 == 2) {
                figures.answered(line.sinceNanos, now);
            } else if (heard.status() == TOO_MANY || heard.status() == UNAVAILABLE) {
                figures.refused(now);
            } else {
                throw new IOException("the service answered " + heard.status() + ": "
                        + new String(heard.body(), StandardCharsets.UTF_8));
            }
            talk.heard(line.number, heard.status(), heard.body());
        }
    }
}
