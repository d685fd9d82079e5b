package io.mailferry.exchange;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Answers with what a test lays ready, in order, and keeps the requests. Its XML is written by hand after the docs. */
final class StubExchange implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final List<String> anchors = new CopyOnWriteArrayList<>();

    @FunctionalInterface
    interface Reply {
        void send(HttpExchange exchange) throws IOException;
    }

    StubExchange(@Nullable SSLContext tls) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls == null) {
            server = HttpServer.create(address, 0);
        } else {
            HttpsServer https = HttpsServer.create(address, 0);
            https.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = https;
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/EWS/Exchange.asmx");
    }

    StubExchange then(Reply reply) {
        replies.add(reply);
        return this;
    }

    StubExchange then(int status, String body) {
        return then(exchange -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Promises the whole body and closes the connection after a part of it. */
    StubExchange thenCutOff(String body) {
        return then(exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length + 1000L);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
            throw new IOException("cut off");
        });
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"stub\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
            return;
        }
        requests.add(request);
        authorizations.add(authorization);
        anchors.add(String.valueOf(exchange.getRequestHeaders().getFirst("X-AnchorMailbox")));
        Reply reply = replies.poll();
        if (reply == null) {
            send(exchange, 404, new byte[0]);
            return;
        }
        reply.send(exchange);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    static String soap(String body) {
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>"
                + "<h:ServerVersionInfo MajorVersion=\"15\" MinorVersion=\"0\" MajorBuildNumber=\"1497\""
                + " MinorBuildNumber=\"2\" xmlns:h=\"http://schemas.microsoft.com/exchange/services/2006/types\"/>"
                + "</s:Header><s:Body xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\""
                + " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">" + body
                + "</s:Body></s:Envelope>";
    }

    static String answer(String operation, String... messages) {
        return soap("<m:" + operation + "Response><m:ResponseMessages>" + String.join("", messages)
                + "</m:ResponseMessages></m:" + operation + "Response>");
    }

    static String success(String operation, String payload) {
        return "<m:" + operation + "ResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>"
                + payload + "</m:" + operation + "ResponseMessage>";
    }

    static String error(String operation, String code) {
        return "<m:" + operation + "ResponseMessage ResponseClass=\"Error\"><m:MessageText>About 'Salary of Ann'."
                + "</m:MessageText><m:ResponseCode>" + code + "</m:ResponseCode>"
                + "<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey></m:" + operation + "ResponseMessage>";
    }

    static String busy(String operation, long backOffMillis) {
        return "<m:" + operation + "ResponseMessage ResponseClass=\"Error\"><m:MessageText>Busy.</m:MessageText>"
                + "<m:ResponseCode>ErrorServerBusy</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>"
                + "<m:MessageXml><t:Value Name=\"BackOffMilliseconds\">" + backOffMillis
                + "</t:Value></m:MessageXml></m:" + operation + "ResponseMessage>";
    }

    static String fault(String code, long backOffMillis) {
        return soap(
                "<s:Fault><faultcode xmlns:a=\"http://schemas.microsoft.com/exchange/services/2006/types\">a:" + code
                        + "</faultcode><faultstring xml:lang=\"en-US\">The server cannot service this request right now."
                        + "</faultstring><detail><e:ResponseCode xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/errors\">"
                        + code + "</e:ResponseCode><e:Message xmlns:e=\"x\">Busy.</e:Message><t:MessageXml>"
                        + "<t:Value Name=\"BackOffMilliseconds\">" + backOffMillis
                        + "</t:Value></t:MessageXml></detail></s:Fault>");
    }

    static String content(String id, String base64) {
        return success(
                "GetItem",
                "<m:Items><t:Message><t:MimeContent CharacterSet=\"UTF-8\">" + base64 + "</t:MimeContent>"
                        + "<t:ItemId Id=\"" + id + "\" ChangeKey=\"now\"/></t:Message></m:Items>");
    }
}
