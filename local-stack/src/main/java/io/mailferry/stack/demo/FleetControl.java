package io.mailferry.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.stack.StackFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The simulator's control endpoint. */
final class FleetControl {
    /** @param setName of the one MAPI set of the server */
    record SimulatedServer(
            String tenant,
            String name,
            String ews,
            String user,
            String password,
            String build,
            boolean isUpdated,
            String agentVersion,
            String setName,
            List<SimulatedMailbox> mailboxes) {
        @Override
        public String toString() {
            return "SimulatedServer[" + name + "]";
        }
    }

    /** @param unreadable items that were spoiled so that nobody can read them */
    record SimulatedMailbox(String address, long items, long unreadable) {}

    /** @param certificateSha256 of all servers */
    record SimulatedFleet(String certificateSha256, List<SimulatedServer> servers) {
        long items() {
            return mailboxes().stream().mapToLong(SimulatedMailbox::items).sum();
        }

        List<SimulatedMailbox> mailboxes() {
            return servers.stream()
                    .flatMap(server -> server.mailboxes().stream())
                    .toList();
        }
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final URI control;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    FleetControl(URI control) {
        this.control = control;
    }

    SimulatedFleet fleet() {
        JsonNode fleet = send(request("/fleet").GET().build());
        return new SimulatedFleet(
                fleet.path("certificateSha256").asText(),
                StreamSupport.stream(fleet.path("servers").spliterator(), false)
                        .map(FleetControl::server)
                        .toList());
    }

    /** @param tokens enrolment token by tenant name */
    void startAgents(String gatewayUrl, Map<String, String> tokens) {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("gatewayUrl", gatewayUrl);
        tokens.forEach(body.putObject("tokens")::put);
        body.put("upgradeMillis", 2000);
        body.put("workMillis", 300);
        body.put("heartbeatMillisMax", 800);
        post("/agents", body);
    }

    /** Installs the server's next build, as its administrator would. */
    String update(String server) {
        return post("/servers/" + server + "/build", MAPPER.createObjectNode())
                .path("build")
                .asText();
    }

    /** The ids of the items that were spoiled so that nobody can read them. */
    Set<String> unreadable(SimulatedMailbox mailbox) {
        if (mailbox.unreadable() == 0) {
            // The truth of a mailbox costs the generation of all its mail.
            return Set.of();
        }
        byte[] lines =
                body(request("/mailboxes/" + mailbox.address() + "/truth").GET().build());
        Set<String> ids = new HashSet<>();
        try (MappingIterator<JsonNode> items = MAPPER.readerFor(JsonNode.class).readValues(lines)) {
            while (items.hasNext()) {
                JsonNode item = items.next();
                if (!item.path("readable").asBoolean()) {
                    ids.add(item.path("itemId").asText());
                }
            }
        } catch (IOException e) {
            throw new StackFailure("The fleet simulator's truth cannot be read.", e);
        }
        return ids;
    }

    private static SimulatedServer server(JsonNode node) {
        return new SimulatedServer(
                node.path("tenant").asText(),
                node.path("name").asText(),
                node.path("ewsHttps").asText(),
                node.path("serviceUser").asText(),
                node.path("servicePassword").asText(),
                node.path("build").asText(),
                node.path("nextBuild").isTextual(),
                node.path("agent").path("version").asText(),
                node.path("backupSets").path(0).path("name").asText(),
                StreamSupport.stream(node.path("mailboxes").spliterator(), false)
                        .map(mailbox -> new SimulatedMailbox(
                                mailbox.path("address").asText(),
                                mailbox.path("items").asLong(),
                                mailbox.path("unreadable").asLong()))
                        .toList());
    }

    private JsonNode post(String path, ObjectNode body) {
        return send(request(path)
                .POST(HttpRequest.BodyPublishers.ofString(body.isEmpty() ? "" : body.toString()))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(control + path)).timeout(DEADLINE);
    }

    private JsonNode send(HttpRequest request) {
        try {
            return MAPPER.readTree(body(request));
        } catch (IOException e) {
            throw new StackFailure("The fleet simulator answered something that is not JSON.", e);
        }
    }

    private byte[] body(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 != 2) {
                throw new StackFailure("The fleet simulator answered " + answer.statusCode() + " to "
                        + request.uri().getPath());
            }
            return answer.body();
        } catch (IOException e) {
            throw new StackFailure("The fleet simulator does not answer.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("interrupted while asking the fleet simulator", e);
        }
    }
}
