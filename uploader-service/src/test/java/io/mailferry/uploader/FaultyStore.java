package io.mailferry.uploader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Stands before an S3 server and answers 503 SlowDown to the requests it is told to; passes the others on. */
final class FaultyStore implements AutoCloseable {
    private static final String SLOW_DOWN = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code></Error>";

    private final ServerSocket listening;
    private final int upstream;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Predicate<String> faulty = line -> false;

    FaultyStore(int upstream) throws IOException {
        this.upstream = upstream;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Refuses requests whose first line matches, from now on. */
    void refuse(Predicate<String> requests) {
        faulty = requests;
    }

    void heal() {
        faulty = line -> false;
    }

    int refused() {
        return refused.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void serve() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> pass(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pass(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            InputStream in = client.getInputStream();
            String head = head(in);
            byte[] body = in.readNBytes(length(head));
            if (faulty.test(head.lines().findFirst().orElse(""))) {
                refused.incrementAndGet();
                client.getOutputStream()
                        .write(("HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
                                        + "Content-Length: " + SLOW_DOWN.length() + "\r\n\r\n" + SLOW_DOWN)
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            OutputStream out = server.getOutputStream();
            String closing = head.replaceFirst("(?i)\r\nconnection:[^\r]*", "")
                    .replaceFirst("\r\n", "\r\nConnection: close\r\n");
            out.write(closing.getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // A connection that breaks is what this class is for.
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int length(String head) {
        return head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .map(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }
}
