package io.mailferry.exporter.attempt;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Exchange server with one mailbox of one folder, whose SyncFolderItems answers what a test lays ready, in order, and
 * whose items are what the test says they are. For courses of events that a server takes only by bad luck.
 */
final class StubExchange implements AutoCloseable {
    static final String FOLDER = "inbox";

    private static final Pattern ITEM = Pattern.compile("<t:ItemId Id=\"([^\"]+)\"");
    private static final Pattern STATE = Pattern.compile("<m:SyncState>([^<]*)</m:SyncState>");

    private final HttpServer server;
    private final Queue<String> syncAnswers = new ArrayDeque<>();
    private final List<String> statesAsked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> contentsAsked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> changeKeys = new HashMap<>();
    private Runnable afterContents = () -> {};

    StubExchange() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/EWS/Exchange.asmx");
    }

    /** The item is there, with this change key, and is named as created by the next answer that asks for it. */
    synchronized void put(String item, String changeKey) {
        changeKeys.put(item, changeKey);
    }

    synchronized void remove(String item) {
        changeKeys.remove(item);
    }

    /** The next SyncFolderItems names these items as created and is its folder's last page. */
    synchronized void syncNames(String state, boolean last, String... items) {
        StringBuilder changes = new StringBuilder();
        for (String item : items) {
            changes.append("<t:Create><t:Message>").append(id(item)).append("</t:Message></t:Create>");
        }
        syncAnswers.add(success(
                "SyncFolderItems",
                "<m:SyncState>" + state + "</m:SyncState><m:IncludesLastItemInRange>" + last
                        + "</m:IncludesLastItemInRange><m:Changes>" + changes + "</m:Changes>"));
    }

    /** The next SyncFolderItems is refused. */
    synchronized void syncFails(String code) {
        syncAnswers.add(error("SyncFolderItems", code));
    }

    /** Run after each answer with contents. */
    synchronized void afterContents(Runnable action) {
        afterContents = action;
    }

    /** The sync states that came with requests so far; empty text for none. */
    List<String> statesAsked() {
        return List.copyOf(statesAsked);
    }

    /** The items whose contents were asked for so far. */
    List<String> contentsAsked() {
        return List.copyOf(contentsAsked);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"stub\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
            return;
        }
        byte[] body = soap(request).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private synchronized String soap(String request) {
        if (request.contains("<m:SyncFolderHierarchy>")) {
            return envelope(
                    "SyncFolderHierarchy",
                    success(
                            "SyncFolderHierarchy",
                            "<m:SyncState>h</m:SyncState><m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange>"
                                    + "<m:Changes><t:Create>" + folder() + "</t:Create></m:Changes>"));
        }
        if (request.contains("<m:SyncFolderItems>")) {
            Matcher state = STATE.matcher(request);
            statesAsked.add(state.find() ? state.group(1) : "");
            return envelope("SyncFolderItems", syncAnswers.remove());
        }
        if (request.contains("<m:GetFolder>")) {
            return envelope(
                    "GetFolder",
                    request.contains("DistinguishedFolderId")
                            ? error("GetFolder", "ErrorFolderNotFound")
                            : success("GetFolder", "<m:Folders>" + folder() + "</m:Folders>"));
        }
        boolean contents = request.contains("IncludeMimeContent>true");
        StringBuilder messages = new StringBuilder();
        Matcher item = ITEM.matcher(request);
        while (item.find()) {
            messages.append(item(item.group(1), contents));
        }
        if (contents) {
            afterContents.run();
        }
        return envelope("GetItem", messages.toString());
    }

    private String item(String item, boolean content) {
        if (!changeKeys.containsKey(item)) {
            return error("GetItem", "ErrorItemNotFound");
        }
        if (content) {
            contentsAsked.add(item);
        }
        String mime = Base64.getEncoder().encodeToString(("Subject: " + item).getBytes(StandardCharsets.UTF_8));
        return success(
                "GetItem",
                "<m:Items><t:Message>"
                        + (content ? "<t:MimeContent CharacterSet=\"UTF-8\">" + mime + "</t:MimeContent>" : "")
                        + id(item) + "<t:ItemClass>IPM.Note</t:ItemClass></t:Message></m:Items>");
    }

    private String id(String item) {
        return "<t:ItemId Id=\"" + item + "\" ChangeKey=\"" + changeKeys.get(item) + "\"/>";
    }

    private String folder() {
        return "<t:Folder><t:FolderId Id=\"" + FOLDER + "\" ChangeKey=\"k\"/><t:ParentFolderId Id=\"root\"/>"
                + "<t:FolderClass>IPF.Note</t:FolderClass><t:DisplayName>Inbox</t:DisplayName><t:TotalCount>"
                + changeKeys.size() + "</t:TotalCount></t:Folder>";
    }

    private static String success(String operation, String payload) {
        return "<m:" + operation + "ResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>"
                + payload + "</m:" + operation + "ResponseMessage>";
    }

    private static String error(String operation, String code) {
        return "<m:" + operation + "ResponseMessage ResponseClass=\"Error\"><m:ResponseCode>" + code
                + "</m:ResponseCode></m:" + operation + "ResponseMessage>";
    }

    private static String envelope(String operation, String messages) {
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body"
                + " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\""
                + " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\"><m:" + operation
                + "Response><m:ResponseMessages>" + messages + "</m:ResponseMessages></m:" + operation
                + "Response></s:Body></s:Envelope>";
    }
}
