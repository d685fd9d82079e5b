package io.mailferry.simulator.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.mailferry.simulator.ews.SimulatedExchange;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.HttpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that the simulator's agent sends is what the agents' OpenAPI document allows, as any agent's must be. */
class AgentApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AGENT = UUID.randomUUID().toString();

    private final List<String> violations = new ArrayList<>();
    private final Set<String> outcomes = new TreeSet<>();
    private final List<JsonNode> cancelled = new ArrayList<>();
    private final ArrayNode commands = JSON.createArrayNode();
    private boolean renewed;
    private boolean full;
    private JsonNode document;
    private SimulatedExchange exchange;
    private HttpListener listener;

    @BeforeEach
    void start() throws Exception {
        document = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readAllBytes(Path.of("..", "docs", "agent-openapi.yaml")));
        exchange = SimulatedExchange.start(40);
        listener = HttpListener.start(0, null, this::serve);
    }

    @AfterEach
    void stop() throws Exception {
        exchange.close();
        listener.close();
    }

    @Test
    void saysNothingThatTheDocumentDoesNotAllow() throws Exception {
        deliver("MakeCoffee", "{}");
        deliver("FreezeMapiRetention", "{\"setRef\":\"mapi-1\"}");
        deliver("DisableMapiSchedule", "{\"setRef\":\"none\"}");
        deliver("UpgradeAgent", "{\"minimumVersion\":\"3.7\"}");
        exchange.control(
                "POST",
                "/agents",
                "{\"gatewayUrl\":\"http://127.0.0.1:%d\",\"tokens\":{\"Tenant\":\"token-1\"},\"upgradeMillis\":600000,\"workMillis\":5}"
                        .formatted(listener.port()));

        await(() -> outcomes.containsAll(Set.of("accepted", "succeeded", "failed", "rejected", "cancelled")));
        await(() -> renewed);
        assertThat(full).isTrue();
        synchronized (this) {
            assertThat(violations).isEmpty();
        }
    }

    private void await(BooleanSupplier holds) {
        long deadline = System.nanoTime() + 15_000_000_000L;
        while (System.nanoTime() < deadline) {
            synchronized (this) {
                if (holds.getAsBoolean()) {
                    return;
                }
            }
            LockSupport.parkNanos(5_000_000L);
        }
        throw new AssertionError("not within 15 s; outcomes so far: " + outcomes + ", violations: " + violations);
    }

    private void deliver(String type, String payload) throws IOException {
        commands.addObject()
                .put("commandId", UUID.randomUUID().toString())
                .put("type", type)
                .put("attempt", 1)
                .put("expiresAt", "2999-01-01T00:00:00Z")
                .set("payload", JSON.readTree(payload));
    }

    private synchronized void serve(HttpRequest request, HttpAnswer answer) throws IOException {
        JsonNode body = JSON.readTree(request.body());
        if (request.path().endsWith("/enrol")) {
            check("Introduction", body);
            answer.send(
                    201,
                    "application/json",
                    "{\"agentId\":\"" + AGENT + "\",\"credential\":\"secret\",\"heartbeatIntervalMs\":100,"
                            + "\"renewFrom\":\"2026-01-01T00:00:00Z\"}");
            return;
        }
        assertThat(request.path()).startsWith("/api/v1/agents/" + AGENT + "/");
        if (request.path().endsWith("/credential")) {
            renewed = true;
            answer.send(201, "application/json", "{\"credential\":\"secret-2\"}");
            return;
        }
        check("Heartbeat", body);
        full |= body.path("status").has("backupSets");
        ObjectNode reply = JSON.createObjectNode();
        reply.put("serverTime", "2026-01-01T00:00:01Z")
                .put("nextIntervalMs", 100)
                .put("fullStatusWanted", false);
        reply.set("commands", commands.deepCopy());
        ArrayNode cancel = reply.putArray("cancel");
        // What runs longest is not waited for.
        body.path("running").forEach(running -> {
            if (running.path("commandId").equals(commands.get(3).path("commandId"))) {
                cancelled.add(running);
            }
        });
        cancelled.forEach(running -> cancel.add(running.path("commandId")));
        ArrayNode taken = reply.putArray("resultsTaken");
        body.path("results").forEach(result -> {
            taken.add(result);
            outcomes.add(result.path("outcome").asText());
        });
        answer.send(200, "application/json", JSON.writeValueAsBytes(reply));
    }

    private void check(String schema, JsonNode body) {
        ObjectNode whole = JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
        whole.set("components", document.path("components"));
        JsonSchema rules =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
        rules.validate(body).stream()
                .map(message -> schema + ": " + message.getMessage())
                .forEach(violations::add);
    }
}
