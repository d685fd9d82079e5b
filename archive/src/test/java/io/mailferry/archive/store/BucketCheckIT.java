package io.mailferry.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that passes over If-None-Match, as some do. */
class BucketCheckIT {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private HttpServer server;
    private ExecutorService threads;

    @BeforeEach
    void start() throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void refusesAServerWithoutConditionalPutsAndNamesTheRemedy() throws Exception {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (ObjectStore store =
                new ObjectStore(StoreSettings.of(endpoint, "bucket", "access", "secret-key", "us-east-1"))) {
            BucketCheck.Verdict verdict = BucketCheck.run(store, 8);

            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            BucketCheck.Verdict.Refused.class,
                            refused -> assertThat(refused.remedy())
                                    .contains("8 of 8")
                                    .contains("conditional PUT"));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("PUT")) {
                objects.put(name, exchange.getRequestBody().readAllBytes());
                exchange.getResponseHeaders().add("ETag", "\"not-an-md5\"");
                exchange.sendResponseHeaders(200, -1);
            } else {
                byte[] object = objects.get(name);
                exchange.sendResponseHeaders(200, object.length);
                exchange.getResponseBody().write(object);
            }
        }
    }
}
