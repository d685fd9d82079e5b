package io.mailferry.archive.store;

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
import java.util.function.UnaryOperator;

/** Stands before a real S3 server and changes the heads of its answers, as servers that encrypt or proxies do. */
final class ChangingFront implements AutoCloseable {
    private final ServerSocket listening;
    private final int upstream;
    private final AtomicInteger gets = new AtomicInteger();
    private volatile UnaryOperator<String> answers = head -> head;
    private volatile boolean refusesGets;

    ChangingFront(int upstream) throws IOException {
        this.upstream = upstream;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** What becomes of the head of each answer to a PUT. */
    void changePutAnswers(UnaryOperator<String> change) {
        answers = change;
    }

    void refuseGets() {
        refusesGets = true;
    }

    /** How many objects were read. */
    int gets() {
        return gets.get();
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
            String head = head(client.getInputStream());
            byte[] body = client.getInputStream().readNBytes(length(head));
            boolean put = head.startsWith("PUT ");
            OutputStream toClient = client.getOutputStream();
            if (head.startsWith("GET ")) {
                gets.incrementAndGet();
                if (refusesGets) {
                    write(toClient, "HTTP/1.1 503 Slow Down\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                    return;
                }
            }
            OutputStream toServer = server.getOutputStream();
            write(
                    toServer,
                    head.replaceFirst("(?i)\r\nconnection:[^\r]*", "")
                            .replaceFirst("\r\n", "\r\nConnection: close\r\n"));
            toServer.write(body);
            toServer.flush();
            String answer = head(server.getInputStream());
            write(toClient, put ? answers.apply(answer) : answer);
            server.getInputStream().transferTo(toClient);
        } catch (IOException e) {
            // The client sees a connection that ends.
        }
    }

    private static void write(OutputStream to, String head) throws IOException {
        to.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no head");
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
