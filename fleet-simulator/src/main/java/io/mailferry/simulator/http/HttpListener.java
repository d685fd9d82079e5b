package io.mailferry.simulator.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Listens on one loopback port until closed. Connections are kept alive; each request is read whole before it is served. */
public final class HttpListener implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(HttpListener.class);

    /** An answer to a request larger than this is 413; the services' requests are a few KiB. */
    private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;

    private static final int HEAD_BYTES_MAX = 64 * 1024;
    private static final int IDLE_MILLIS_MAX = 120_000;
    private static final int BACKLOG = 128;

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final Responder service;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private HttpListener(ServerSocket server, @Nullable SSLContext tls, Responder service) {
        this.server = server;
        this.tls = tls;
        this.service = service;
    }

    /**
     * Binds and starts to serve.
     *
     * @param port 0 for a free one
     * @param tls null for plain HTTP
     * @throws IOException if the port cannot be bound
     */
    public static HttpListener start(int port, @Nullable SSLContext tls, Responder service) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
        HttpListener listener = new HttpListener(server, tls, service);
        Thread.ofVirtual().name("http-accept-" + server.getLocalPort()).start(listener::acceptAll);
        return listener;
    }

    /** The bound port. */
    public int port() {
        return server.getLocalPort();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                if (!closed) {
                    LOG.warnf(e, "Accepting a connection failed port=%d", port());
                }
            }
        }
    }

    private void converse(Socket plain) {
        connections.add(plain);
        try (plain) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(IDLE_MILLIS_MAX);
            Socket socket = plain;
            if (tls != null) {
                // Layered, so that a reset can be done below TLS, without its orderly goodbye.
                SSLSocket layered = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
                layered.startHandshake();
                socket = layered;
            }
            InputStream in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            boolean again = true;
            while (again && !closed) {
                again = serveOne(plain, in, out);
            }
            out.flush();
        } catch (SocketTimeoutException e) {
            LOG.debugf("An idle connection was closed port=%d", port());
        } catch (IOException e) {
            // Clients go away and faults break connections: neither is the listener's failure.
            LOG.debugf(
                    "A connection ended port=%d cause=%s", port(), e.getClass().getSimpleName());
        } finally {
            connections.remove(plain);
        }
    }

    private boolean serveOne(Socket plain, InputStream in, OutputStream out) throws IOException {
        String requestLine = line(in);
        if (requestLine == null) {
            return false;
        }
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3) {
            throw new IOException("Not an HTTP request line");
        }
        Map<String, String> headers = headers(in);
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        HttpAnswer answer = new HttpAnswer(plain, out);
        byte[] body = body(in, headers);
        if (body == null) {
            answer.header("Connection", "close");
            answer.send(413, "text/plain", "too large");
            return false;
        }
        boolean last = "close".equalsIgnoreCase(headers.get("connection")) || words[2].equals("HTTP/1.0");
        if (last) {
            answer.header("Connection", "close");
        }
        HttpRequest request = HttpRequest.of(words[0], words[1], headers, body);
        try {
            service.serve(request, answer);
        } catch (RuntimeException e) {
            LOG.errorf(e, "Serving a request failed port=%d", port());
            if (answer.hasBegun()) {
                throw e;
            }
            answer.send(500, "text/plain", "internal error");
        }
        out.flush();
        return answer.complete() && !last;
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        int total = 0;
        while (true) {
            String line = line(in);
            if (line == null) {
                throw new EOFException("The request's head ended early");
            }
            if (line.isEmpty()) {
                return headers;
            }
            total += line.length();
            int colon = line.indexOf(':');
            if (colon <= 0 || total > HEAD_BYTES_MAX) {
                throw new IOException("Not an HTTP header, or too many");
            }
            headers.put(
                    line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
    }

    /** The body, or null if it is larger than the limit. */
    private static byte @Nullable [] body(InputStream in, Map<String, String> headers) throws IOException {
        String coding = headers.get("transfer-encoding");
        if (coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked")) {
            return chunkedBody(in);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return new byte[0];
        }
        long bytes = Long.parseLong(length);
        if (bytes < 0 || bytes > BODY_BYTES_MAX) {
            return null;
        }
        byte[] body = in.readNBytes((int) bytes);
        if (body.length != bytes) {
            throw new EOFException("The request's body ended early");
        }
        return body;
    }

    private static byte @Nullable [] chunkedBody(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String sizeLine = line(in);
            if (sizeLine == null) {
                throw new EOFException("A chunk's size is missing");
            }
            int semicolon = sizeLine.indexOf(';');
            int size = Integer.parseInt((semicolon < 0 ? sizeLine : sizeLine.substring(0, semicolon)).trim(), 16);
            if (size == 0) {
                headers(in);
                return body.toByteArray();
            }
            if (size < 0 || body.size() + size > BODY_BYTES_MAX) {
                return null;
            }
            body.write(in.readNBytes(size));
            line(in);
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder(96);
        while (true) {
            int b = in.read();
            if (b < 0) {
                return text.isEmpty() ? null : text.toString();
            }
            if (b == '\n') {
                return text.toString();
            }
            if (b != '\r') {
                text.append((char) b);
            }
            if (text.length() > HEAD_BYTES_MAX) {
                throw new IOException("A header line is too long");
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
