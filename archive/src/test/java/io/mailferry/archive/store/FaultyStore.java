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
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Stands before a real S3 server, passes requests on, answers 503 SlowDown to those it is told to, and changes the
 * heads of answers as servers that encrypt and proxies do.
 */
public final class FaultyStore implements AutoCloseable {
    private static final String SLOW_DOWN = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code></Error>";

    private final ServerSocket listening;
    private final int upstream;
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger gets = new AtomicInteger();
    private volatile Predicate<String> faulty = line -> false;
    private volatile UnaryOperator<String> putAnswers = head -> head;

    public FaultyStore(int upstream) throws IOException {
        this.upstream = upstream;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    public String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Refuses requests whose first line matches, from now on. */
    public void refuse(Predicate<String> requests) {
        faulty = requests;
    }

    public void heal() {
        faulty = line -> false;
        putAnswers = head -> head;
    }

    /** Tells the losers of conditional PUTs that they have won, as a server without them tells everybody. */
    public void letEveryWriterWin() {
        putAnswers = head -> head.replaceFirst("^HTTP/1.1 412 [^\r]*", "HTTP/1.1 200 OK\r\nETag: \"not-an-md5\"");
    }

    public int refused() {
        return refused.get();
    }

    /** What becomes of the head of each answer to a PUT. */
    void changePutAnswers(UnaryOperator<String> change) {
        putAnswers = change;
    }

    /** How many objects somebody wanted to read. */
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
            String request = head(client.getInputStream());
            byte[] body = client.getInputStream().readNBytes(length(request));
            if (request.startsWith("GET ")) {
                gets.incrementAndGet();
            }
            OutputStream toClient = client.getOutputStream();
            if (faulty.test(request.lines().findFirst().orElse(""))) {
                refused.incrementAndGet();
                write(
                        toClient,
                        "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\n"
                                + "Content-Length: " + SLOW_DOWN.length() + "\r\n\r\n" + SLOW_DOWN);
                return;
            }
            OutputStream toServer = server.getOutputStream();
            write(
                    toServer,
                    request.replaceFirst("(?i)\r\nconnection:[^\r]*", "")
                            .replaceFirst("\r\n", "\r\nConnection: close\r\n"));
            toServer.write(body);
            toServer.flush();
            String answer = head(server.getInputStream());
            write(toClient, request.startsWith("PUT ") ? putAnswers.apply(answer) : answer);
            server.getInputStream().transferTo(toClient);
        } catch (IOException e) {
            // A connection that breaks is what this class is for.
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
