package io.mailferry.simulator.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.simulator.agent.AgentOptions;
import io.mailferry.simulator.agent.Agents;
import io.mailferry.simulator.ews.ServerBuild;
import io.mailferry.simulator.fault.FaultRule;
import io.mailferry.simulator.fleet.Fleet;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpRequest;
import io.mailferry.simulator.http.Responder;
import io.mailferry.simulator.mail.Phrases;
import io.mailferry.simulator.mailbox.Mailbox;
import io.mailferry.simulator.mailbox.MailboxChanges;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes of the control endpoint; the module's README is their reference. */
public final class ControlEndpoint implements Responder {
    private static final String JSON = "application/json";

    private final Fleet fleet;
    private final long seed;
    private final String certificateFile;
    private final String certificateSha256;
    private final Agents agents;
    private final ObjectMapper mapper = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    public ControlEndpoint(Fleet fleet, Agents agents, long seed, String certificateFile, String certificateSha256) {
        this.fleet = fleet;
        this.agents = agents;
        this.seed = seed;
        this.certificateFile = certificateFile;
        this.certificateSha256 = certificateSha256;
    }

    @Override
    public void serve(HttpRequest request, HttpAnswer answer) throws IOException {
        try {
            route(request, answer);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            json(answer, 400, Map.of("error", message == null ? "bad request" : message));
        }
    }

    private void route(HttpRequest request, HttpAnswer answer) throws IOException {
        String[] path = request.segments();
        switch (path[0]) {
            case "health" -> json(answer, 200, Map.of("status", "UP"));
            case "fleet" -> json(answer, 200, FleetReport.of(fleet, seed, certificateFile, certificateSha256));
            case "phrases" ->
                json(
                        answer,
                        200,
                        Map.of(
                                "subjects",
                                Phrases.SUBJECTS,
                                "bodies",
                                Phrases.BODIES,
                                "domains",
                                Phrases.DOMAINS,
                                "settings",
                                List.of(Phrases.SETTINGS)));
            case "requests" -> json(answer, 200, requests());
            case "agents" -> agents(path, request, answer);
            case "servers" -> server(path, request, answer);
            case "mailboxes" -> mailbox(path, request, answer);
            default -> notFound(answer);
        }
    }

    private void agents(String[] path, HttpRequest request, HttpAnswer answer) throws IOException {
        if (path.length == 1) {
            switch (request.method()) {
                case "POST" -> json(answer, 200, agents.start(agentOptions(mapper.readTree(request.body()))));
                case "DELETE" -> {
                    agents.close();
                    json(answer, 200, agents.views());
                }
                default -> json(answer, 200, agents.views());
            }
            return;
        }
        boolean known = path.length == 3
                && request.method().equals("POST")
                && switch (path[2]) {
                    case "pause" -> agents.pause(path[1]);
                    case "restart" -> agents.restart(path[1]);
                    default -> false;
                };
        if (known) {
            json(answer, 200, agents.views());
        } else {
            notFound(answer);
        }
    }

    private static AgentOptions agentOptions(JsonNode body) {
        Map<String, String> tokens = new LinkedHashMap<>();
        body.path("tokens")
                .properties()
                .forEach(entry -> tokens.put(entry.getKey(), entry.getValue().asText()));
        String gateway = body.path("gatewayUrl").asText();
        if (gateway.isEmpty() || tokens.isEmpty()) {
            throw new IllegalArgumentException("gatewayUrl and tokens are needed");
        }
        return new AgentOptions(
                gateway,
                tokens,
                body.path("upgradeMillis").asLong(1500),
                body.path("workMillis").asLong(200),
                body.path("heartbeatMillisMax").asLong(0));
    }

    private Map<String, Map<String, Long>> requests() {
        Map<String, Map<String, Long>> all = new LinkedHashMap<>();
        fleet.servers()
                .forEach(server ->
                        all.put(server.definition().name(), server.exchange().requests()));
        return all;
    }

    private void server(String[] path, HttpRequest request, HttpAnswer answer) throws IOException {
        if (path.length != 3) {
            notFound(answer);
            return;
        }
        boolean all = path[1].equals("*");
        List<Fleet.Running> servers =
                all ? fleet.servers() : fleet.server(path[1]).stream().toList();
        if (servers.isEmpty()) {
            notFound(answer);
            return;
        }
        String what = request.method() + " " + path[2];
        switch (what) {
            case "POST build" -> {
                for (Fleet.Running server : servers) {
                    server.exchange().install(build(request, server));
                    agents.wake(server.definition().name());
                }
                json(
                        answer,
                        200,
                        Map.of("build", servers.getFirst().exchange().build().toString()));
            }
            case "POST faults" -> {
                FaultRule rule = FaultRule.read(mapper, mapper.readTree(request.body()));
                servers.forEach(server -> server.exchange().faults().add(rule));
                json(answer, 200, faults(servers));
            }
            case "GET faults" -> json(answer, 200, faults(servers));
            case "DELETE faults" -> {
                servers.forEach(server -> server.exchange().faults().clear());
                json(answer, 200, faults(servers));
            }
            default -> notFound(answer);
        }
    }

    private ServerBuild build(HttpRequest request, Fleet.Running server) throws IOException {
        JsonNode body = request.body().length == 0 ? null : mapper.readTree(request.body());
        String given = body == null ? null : body.path("build").asText(null);
        String next = given != null ? given : server.definition().nextBuild();
        if (next == null) {
            throw new IllegalArgumentException("build is missing, and the fleet's definition has no nextBuild");
        }
        return ServerBuild.parse(next);
    }

    private Map<String, List<ObjectNode>> faults(List<Fleet.Running> servers) {
        Map<String, List<ObjectNode>> pending = new LinkedHashMap<>();
        servers.forEach(server -> pending.put(
                server.definition().name(),
                server.exchange().faults().pending().stream()
                        .map(rule -> rule.write(mapper))
                        .toList()));
        return pending;
    }

    private void mailbox(String[] path, HttpRequest request, HttpAnswer answer) throws IOException {
        Optional<Mailbox> mailbox = path.length == 3 ? fleet.mailbox(path[1]) : Optional.empty();
        if (mailbox.isEmpty()) {
            notFound(answer);
            return;
        }
        switch (request.method() + " " + path[2]) {
            case "GET truth" -> {
                try (OutputStream out = answer.begin(200, "application/x-ndjson")) {
                    new Truth(mapper).write(mailbox.get(), out);
                }
            }
            case "POST changes" -> {
                MailboxChanges changes = mapper.readValue(request.body(), MailboxChanges.class);
                json(answer, 200, mailbox.get().apply(changes));
            }
            default -> notFound(answer);
        }
    }

    private void notFound(HttpAnswer answer) throws IOException {
        json(answer, 404, Map.of("error", "not found"));
    }

    private void json(HttpAnswer answer, int status, @Nullable Object body) throws IOException {
        answer.send(status, JSON, mapper.writeValueAsBytes(body));
    }
}
