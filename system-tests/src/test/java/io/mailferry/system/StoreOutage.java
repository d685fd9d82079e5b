package io.mailferry.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between the services and the S3 server and, when told to, answers 503 instead of passing anything on. */
final class StoreOutage implements AutoCloseable {
    private static final byte[] UNAVAILABLE =
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final URI target;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean unavailable;

    StoreOutage(URI target) {
        this.target = target;
        try {
            this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** From now on every request is answered 503, also on connections that are open. */
    void unavailable(boolean now) {
        unavailable = now;
        if (now) {
            open.forEach(StoreOutage::closeQuietly);
        }
    }

    long refused() {
        return refused.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        open.forEach(StoreOutage::closeQuietly);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (unavailable) {
                refuse(client);
                return;
            }
            open.add(client);
            try (Socket server = new Socket(target.getHost(), target.getPort())) {
                Thread upwards = Thread.ofVirtual().start(() -> copy(client, server));
                copy(server, client);
                upwards.join();
            }
        } catch (IOException e) {
            // The connection ended, by fault or by its owner; the client sees it and decides.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void refuse(Socket client) throws IOException {
        InputStream request = client.getInputStream();
        request.read(new byte[8_192]);
        client.getOutputStream().write(UNAVAILABLE);
        client.getOutputStream().flush();
        refused.incrementAndGet();
        client.shutdownOutput();
        client.setSoTimeout(2_000);
        request.transferTo(OutputStream.nullOutputStream());
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }
}
