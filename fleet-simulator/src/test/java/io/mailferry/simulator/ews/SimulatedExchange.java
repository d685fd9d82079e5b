package io.mailferry.simulator.ews;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.simulator.agent.Agents;
import io.mailferry.simulator.control.ControlEndpoint;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.fleet.FleetDefinition;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.SelfSignedCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A running fleet of one server, and a client of a few lines that speaks to it over raw HTTP. */
public final class SimulatedExchange implements AutoCloseable {
    public static final String USER = "svc@tenant.example";
    public static final String PASSWORD = "service";
    public static final String MAILBOX = "anna@tenant.example";
    public static final String OTHER_MAILBOX = "bruno@tenant.example";

    private static final ObjectMapper JSON = new ObjectMapper();

    public final Fleet fleet;
    public final Fleet.Running server;
    public final SelfSignedCertificate certificate;
    private final HttpListener control;
    private final Agents agents;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SimulatedExchange(FleetDefinition definition, @Nullable Path corpus) throws Exception {
        certificate = SelfSignedCertificate.create(Clock.systemUTC().instant());
        fleet = Fleet.start(definition, certificate, corpus);
        server = fleet.servers().getFirst();
        agents = new Agents(fleet, new ObjectMapper(), Clock.systemUTC());
        control = HttpListener.start(
                0, null, new ControlEndpoint(fleet, agents, definition.seed(), "cert.pem", certificate.sha256()));
    }

    /** A server with one mailbox of this many items, to whose definition more JSON may be added, and a small second one. */
    public static SimulatedExchange start(int items, String mailboxExtras, @Nullable Path corpus) throws Exception {
        String fleet = """
                {"seed": 7, "tenants": [{"name": "Tenant", "servers": [{
                  "name": "EX01", "build": "15.0.1473.3", "nextBuild": "15.0.1497.2",
                  "serviceUser": "%s", "servicePassword": "%s",
                  "agent": {"name": "EX01", "brand": "vendor", "version": "3.7.0"},
                  "backupSets": [{"ref": "mapi-1", "name": "All", "mode": "MAPI", "quotaBytes": 1000000}],
                  "mailboxes": [
                    {"address": "%s", "displayName": "Anna", "items": %d, "password": "own"%s,
                     "sizes": {"medianBytes": 4000, "meanBytes": 8000, "maxBytes": 200000}},
                    {"address": "%s", "displayName": "Bruno", "items": 5,
                     "sizes": {"medianBytes": 4000, "meanBytes": 8000, "maxBytes": 200000}}]}]}]}
                """.formatted(USER, PASSWORD, MAILBOX, items, mailboxExtras, OTHER_MAILBOX);
        Path file = Files.createTempFile("fleet", ".json");
        try {
            Files.writeString(file, fleet);
            return new SimulatedExchange(FleetDefinition.read(file), corpus);
        } finally {
            Files.delete(file);
        }
    }

    public static SimulatedExchange start(int items) throws Exception {
        return start(items, "", null);
    }

    @Override
    public void close() throws IOException {
        agents.close();
        control.close();
        fleet.close();
    }

    /** POSTs to the plain endpoint. */
    public HttpResponse<byte[]> post(String envelope, @Nullable String user, @Nullable String password)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.httpUrl()))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(envelope));
        if (user != null) {
            String pair = user + ":" + password;
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public static String envelope(@Nullable String impersonated, String body) {
        String header = impersonated == null
                ? ""
                : "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>" + impersonated
                        + "</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>";
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
                + " xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\""
                + " xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\"><soap:Header>"
                + "<t:RequestServerVersion Version=\"Exchange2010_SP2\"/>" + header
                + "</soap:Header><soap:Body>" + body + "</soap:Body></soap:Envelope>";
    }

    /** Calls as the service account for the first mailbox. */
    public HttpResponse<byte[]> post(String body) throws IOException, InterruptedException {
        return post(envelope(MAILBOX, body), USER, PASSWORD);
    }

    public Document call(String body) throws Exception {
        return parse(post(body).body());
    }

    public static Document parse(byte[] xml) throws Exception {
        var builder = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder();
        builder.setErrorHandler(null);
        return builder.parse(new ByteArrayInputStream(xml));
    }

    public static List<Element> all(Document document, String localName) {
        NodeList found = document.getElementsByTagNameNS("*", localName);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    public static String text(Document document, String localName) {
        return all(document, localName).getFirst().getTextContent();
    }

    /** One call of SyncFolderItems. */
    public Document sync(String folderId, @Nullable String state, int max) throws Exception {
        return call("<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>"
                + "<t:FolderId Id=\"" + folderId + "\"/></m:SyncFolderId>"
                + (state == null ? "" : "<m:SyncState>" + state + "</m:SyncState>")
                + "<m:MaxChangesReturned>" + max + "</m:MaxChangesReturned></m:SyncFolderItems>");
    }

    /** Everything below the top, as id by display name. */
    public java.util.Map<String, String> folderIds() throws Exception {
        Document answer =
                call("<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>"
                        + "<m:SyncFolderId><t:DistinguishedFolderId Id=\"msgfolderroot\"/></m:SyncFolderId>"
                        + "</m:SyncFolderHierarchy>");
        java.util.Map<String, String> ids = new java.util.LinkedHashMap<>();
        for (Element created : all(answer, "Create")) {
            Element folder = (Element) created.getFirstChild();
            String name =
                    folder.getElementsByTagNameNS("*", "DisplayName").item(0).getTextContent();
            ids.put(
                    name,
                    ((Element) folder.getElementsByTagNameNS("*", "FolderId").item(0)).getAttribute("Id"));
        }
        return ids;
    }

    /** Ids of the elements with this name, such as Create or Delete, of a sync's answer. */
    public static List<String> idsOf(Document answer, String change) {
        return all(answer, change).stream()
                .map(element ->
                        ((Element) element.getElementsByTagNameNS("*", "ItemId").item(0)).getAttribute("Id"))
                .toList();
    }

    public static String getItem(String shape, String... ids) {
        StringBuilder body = new StringBuilder("<m:GetItem><m:ItemShape>" + shape + "</m:ItemShape><m:ItemIds>");
        for (String id : ids) {
            body.append("<t:ItemId Id=\"").append(id).append("\"/>");
        }
        return body.append("</m:ItemIds></m:GetItem>").toString();
    }

    public static final String WITH_MIME =
            "<t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>";

    public JsonNode control(String method, String path, String body) throws Exception {
        return JSON.readTree(controlAnswer(method, path, body).body());
    }

    public HttpResponse<String> controlAnswer(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.port() + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The truth of the first mailbox, a line for each item. */
    public List<JsonNode> truth() throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : controlAnswer("GET", "/mailboxes/" + MAILBOX + "/truth", "")
                .body()
                .split("\n", -1)) {
            if (!line.isEmpty()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    public JsonNode change(String changes) throws Exception {
        return control("POST", "/mailboxes/" + MAILBOX + "/changes", changes);
    }
}
