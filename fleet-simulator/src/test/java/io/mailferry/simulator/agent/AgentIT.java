package io.mailferry.simulator.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.mailferry.simulator.ews.SimulatedExchange;
import io.mailferry.simulator.http.HttpAnswer;
import io.mailferry.simulator.http.HttpListener;
import io.mailferry.simulator.http.HttpRequest;
import io.mailferry.simulator.mail.Phrases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgentIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A gateway of a few lines: it remembers what agents say, and takes results only when told to. */
    private static final class ScriptedGateway {
        final List<JsonNode> heartbeats = new ArrayList<>();
        final Map<String, ObjectNode> commands = new HashMap<>();
        final List<String> cancelled = new ArrayList<>();
        int statusOfHeartbeats = 200;
        String problem = "about:blank";
        String credential = "secret";
        String renewFrom = "2026-01-02T00:00:00Z";
        String serverTime = "2026-01-01T00:00:00Z";
        boolean takesResults = true;

        synchronized void serve(HttpRequest request, HttpAnswer answer) throws IOException {
            JsonNode body = JSON.readTree(request.body());
            if (request.path().endsWith("/enrol")) {
                boolean known = body.path("token").asText().equals("token-1");
                answer.send(
                        known ? 201 : 401,
                        "application/json",
                        "{\"agentId\":\"agent-1\",\"credential\":\"secret\",\"heartbeatIntervalMs\":100,\"renewFrom\":\""
                                + renewFrom + "\"}");
                return;
            }
            if (request.path().endsWith("/credential")) {
                assertThat(request.header("Authorization")).isEqualTo("Bearer " + credential);
                credential = credential + "-renewed";
                answer.send(201, "application/json", "{\"credential\":\"" + credential + "\"}");
                return;
            }
            assertThat(request.header("Authorization")).isEqualTo("Bearer " + credential);
            heartbeats.add(body);
            ObjectNode reply = JSON.createObjectNode();
            reply.put("nextIntervalMs", 100).put("serverTime", serverTime).put("type", problem);
            ArrayNode delivered = reply.putArray("commands");
            commands.values().forEach(delivered::add);
            ArrayNode cancel = reply.putArray("cancel");
            cancelled.forEach(cancel::add);
            ArrayNode taken = reply.putArray("resultsTaken");
            for (JsonNode result : body.path("results")) {
                if (takesResults) {
                    taken.add(result);
                }
                commands.remove(result.path("commandId").asText());
            }
            answer.send(statusOfHeartbeats, "application/json", JSON.writeValueAsBytes(reply));
        }

        synchronized void deliver(String id, String type, String payload) throws IOException {
            ObjectNode command = JSON.createObjectNode();
            command.put("commandId", id).put("type", type).put("attempt", 1);
            command.put("expiresAt", "2999-01-01T00:00:00Z").set("payload", JSON.readTree(payload));
            commands.put(id, command);
        }

        synchronized void cancel(String id) {
            cancelled.add(id);
        }

        synchronized List<JsonNode> heartbeats() {
            return List.copyOf(heartbeats);
        }

        synchronized void answerHeartbeatsWith(int status) {
            statusOfHeartbeats = status;
        }

        synchronized void tellCloneToEnrolAnew() {
            statusOfHeartbeats = 409;
            problem = "urn:mailferry:problem:enrolAnew";
        }

        synchronized void itIs(String time) {
            serverTime = time;
        }

        synchronized String credential() {
            return credential;
        }

        synchronized void takeResults(boolean takes) {
            takesResults = takes;
        }

        /** The last heartbeat that fits, waited for with a deadline. */
        JsonNode await(Predicate<JsonNode> fits) throws InterruptedException {
            long deadline = System.nanoTime() + 15_000_000_000L;
            while (System.nanoTime() < deadline) {
                for (JsonNode heartbeat : heartbeats().reversed()) {
                    if (fits.test(heartbeat)) {
                        return heartbeat;
                    }
                }
                LockSupport.parkNanos(5_000_000L);
            }
            throw new AssertionError("No such heartbeat came");
        }

        JsonNode result(String id, String outcome) throws InterruptedException {
            return find(await(heartbeat -> find(heartbeat, id, outcome) != null), id, outcome);
        }

        static JsonNode find(JsonNode heartbeat, String id, String outcome) {
            for (JsonNode result : heartbeat.path("results")) {
                if (result.path("commandId").asText().equals(id)
                        && result.path("outcome").asText().equals(outcome)) {
                    return result;
                }
            }
            return null;
        }
    }

    private final ScriptedGateway gateway = new ScriptedGateway();
    private SimulatedExchange exchange;
    private HttpListener listener;

    @BeforeEach
    void start() throws Exception {
        exchange = SimulatedExchange.start(40);
        listener = HttpListener.start(0, null, gateway::serve);
    }

    @AfterEach
    void stop() throws Exception {
        exchange.close();
        listener.close();
    }

    private void startAgents(String token) throws Exception {
        exchange.control(
                "POST",
                "/agents",
                "{\"gatewayUrl\":\"http://127.0.0.1:%d\",\"tokens\":{\"Tenant\":\"%s\"},\"upgradeMillis\":20,\"workMillis\":5}"
                        .formatted(listener.port(), token));
    }

    @Test
    void reportsInFullOnceAndThenOnlyTheHash() throws Exception {
        startAgents("token-1");
        gateway.await(heartbeat -> heartbeat.path("sequence").asLong() >= 3);
        List<JsonNode> heartbeats = gateway.heartbeats();
        JsonNode status = heartbeats.getFirst().path("status");
        assertThat(status.path("agent").path("version").asText()).isEqualTo("3.7.0");
        assertThat(status.path("server").path("build").asText()).isEqualTo("15.0.1473.3");
        JsonNode set = status.path("backupSets").get(0);
        assertThat(set.path("mode").asText()).isEqualTo("MAPI");
        assertThat(set.path("mailboxes")).hasSize(2);
        assertThat(set.path("mailboxes").get(0).path("items").asInt()).isEqualTo(40);
        assertThat(heartbeats.get(1).has("status")).isFalse();
        assertThat(heartbeats.get(1).path("statusHash"))
                .isEqualTo(heartbeats.getFirst().path("statusHash"));
        assertThat(heartbeats.stream()
                        .map(beat -> beat.path("sequence").asLong())
                        .limit(3))
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void anUpdateOfTheServerIsReportedAndBreaksTheMapiJobs() throws Exception {
        startAgents("token-1");
        gateway.await(heartbeat -> heartbeat.path("sequence").asLong() >= 2);
        exchange.control("POST", "/servers/EX01/build", "");
        JsonNode status = gateway.await(heartbeat -> heartbeat
                        .path("status")
                        .path("server")
                        .path("build")
                        .asText()
                        .equals("15.0.1497.2"))
                .path("status");
        assertThat(status.path("backupSets")
                        .get(0)
                        .path("lastJob")
                        .path("outcome")
                        .asText())
                .isEqualTo("FAILED");
    }

    @Test
    void escrowsItsSettingsSoThatOnlyTheTenantOpensThem() throws Exception {
        RSAKey pair = new RSAKeyGenerator(2048).keyID("kid-1").generate();
        startAgents("token-1");
        gateway.deliver(
                "c1",
                "EscrowAgentSettings",
                "{\"kid\":\"kid-1\",\"publicKey\":" + pair.toPublicJWK().toJSONString() + "}");
        JWEObject jwe = JWEObject.parse(
                gateway.result("c1", "succeeded").path("detail").path("jwe").asText());
        assertThat(jwe.getHeader().getKeyID()).isEqualTo("kid-1");
        assertThat(jwe.getHeader().getAlgorithm().getName()).isEqualTo("RSA-OAEP-256");
        assertThat(jwe.getHeader().getEncryptionMethod().getName()).isEqualTo("A256GCM");
        jwe.decrypt(new RSADecrypter(pair));
        assertThat(jwe.getPayload().toString()).contains(Phrases.SETTINGS);
    }

    @Test
    void becomesANewerVersionWithANewBootAndCanThenMakeAnEwsSet() throws Exception {
        startAgents("token-1");
        JsonNode first = gateway.await(heartbeat -> heartbeat.has("status"));
        String guid = first.path("status")
                .path("backupSets")
                .get(0)
                .path("mailboxes")
                .get(0)
                .path("exchangeGuid")
                .asText();
        String create = "{\"mapiSetRef\":\"mapi-1\",\"name\":\"EWS\",\"mailboxes\":[\"" + guid + "\"]}";
        gateway.deliver("early", "CreateEwsBackupSet", create);
        assertThat(gateway.result("early", "failed").path("cause").asText()).isEqualTo("agentTooOld");
        gateway.deliver("up", "UpgradeAgent", "{\"minimumVersion\":\"4.3\"}");
        assertThat(gateway.result("up", "succeeded")
                        .path("detail")
                        .path("version")
                        .asText())
                .isEqualTo("4.3.0");
        JsonNode after = gateway.await(heartbeat ->
                heartbeat.path("status").path("agent").path("version").asText().equals("4.3.0"));
        assertThat(after.path("bootId")).isNotEqualTo(first.path("bootId"));
        gateway.deliver("set", "CreateEwsBackupSet", create);
        String ref =
                gateway.result("set", "succeeded").path("detail").path("ref").asText();
        JsonNode status = gateway.await(
                        heartbeat -> heartbeat.path("status").path("backupSets").size() == 2)
                .path("status");
        assertThat(status.path("backupSets").get(1).path("ref").asText()).isEqualTo(ref);
        assertThat(status.path("backupSets").get(1).path("mode").asText()).isEqualTo("EWS");
    }

    @Test
    void freezesRetentionAndDisablesTheSchedule() throws Exception {
        startAgents("token-1");
        gateway.deliver("f", "FreezeMapiRetention", "{\"setRef\":\"mapi-1\"}");
        gateway.result("f", "succeeded");
        gateway.deliver("d", "DisableMapiSchedule", "{\"setRef\":\"mapi-1\"}");
        gateway.result("d", "succeeded");
        JsonNode set = gateway.await(heartbeat -> heartbeat.has("status")
                        && !heartbeat
                                .path("status")
                                .path("backupSets")
                                .get(0)
                                .path("scheduleEnabled")
                                .asBoolean())
                .path("status")
                .path("backupSets")
                .get(0);
        assertThat(set.path("retentionEnabled").asBoolean()).isFalse();
        gateway.deliver("n", "FreezeMapiRetention", "{\"setRef\":\"none\"}");
        assertThat(gateway.result("n", "failed").path("cause").asText()).isEqualTo("unknownBackupSet");
    }

    @Test
    void rejectsWhatItDoesNotKnow() throws Exception {
        startAgents("token-1");
        gateway.deliver("x", "MakeCoffee", "{}");
        assertThat(gateway.result("x", "rejected").path("cause").asText()).isEqualTo("unknownType");
    }

    @Test
    void repeatsResultsUntilTheyAreTakenAndCarriesACommandOutOnce() throws Exception {
        gateway.takeResults(false);
        startAgents("token-1");
        gateway.deliver("f", "FreezeMapiRetention", "{\"setRef\":\"mapi-1\"}");
        gateway.result("f", "succeeded");
        int sofar = gateway.heartbeats().size();
        gateway.deliver("f", "FreezeMapiRetention", "{\"setRef\":\"mapi-1\"}");
        gateway.await(heartbeat -> gateway.heartbeats().size() > sofar + 2);
        assertThat(gateway.heartbeats().subList(sofar, sofar + 3))
                .allSatisfy(heartbeat -> assertThat(ScriptedGateway.find(heartbeat, "f", "succeeded"))
                        .isNotNull());
        gateway.takeResults(true);
        gateway.await(heartbeat -> heartbeat == gateway.heartbeats().getLast()
                && heartbeat.path("results").isEmpty());
        JsonNode agent = exchange.control("GET", "/agents", "").get(0);
        assertThat(agent.path("commands")).hasSize(1);
        assertThat(agent.path("resultsUntaken").asInt()).isZero();
    }

    @Test
    void aCancelledCommandIsNotCarriedOut() throws Exception {
        exchange.control(
                "POST",
                "/agents",
                "{\"gatewayUrl\":\"http://127.0.0.1:%d\",\"tokens\":{\"Tenant\":\"token-1\"},\"workMillis\":3000000}"
                        .formatted(listener.port()));
        gateway.deliver("f", "FreezeMapiRetention", "{\"setRef\":\"mapi-1\"}");
        gateway.await(heartbeat -> !heartbeat.path("running").isEmpty());
        gateway.cancel("f");
        gateway.result("f", "cancelled");
        gateway.await(heartbeat -> heartbeat == gateway.heartbeats().getLast()
                && heartbeat.path("running").isEmpty()
                && heartbeat.path("results").isEmpty());
        JsonNode set = gateway.await(heartbeat -> heartbeat.has("status")).at("/status/backupSets/0");
        assertThat(set.path("retentionEnabled").asBoolean()).isTrue();
    }

    @Test
    void deletesAMapiSetAndNoOther() throws Exception {
        startAgents("token-1");
        gateway.deliver("d", "DeleteMapiBackupSet", "{\"setRef\":\"mapi-1\"}");
        gateway.result("d", "succeeded");
        gateway.await(heartbeat -> heartbeat.has("status")
                && heartbeat.path("status").path("backupSets").isEmpty());
    }

    @Test
    void renewsItsCredentialByTheGatewaysClockAndUsesTheNewOne() throws Exception {
        startAgents("token-1");
        gateway.await(heartbeat -> heartbeat.path("sequence").asLong() >= 2);
        assertThat(gateway.credential()).isEqualTo("secret");

        gateway.itIs("2026-01-02T00:00:01Z");
        int before = gateway.heartbeats().size();
        gateway.await(heartbeat -> gateway.heartbeats().size() > before + 2);

        assertThat(gateway.credential()).isEqualTo("secret-renewed");
    }

    @Test
    void stopsWhenItIsToldToEnrolAnew() throws Exception {
        startAgents("token-1");
        gateway.await(heartbeat -> heartbeat.path("sequence").asLong() >= 1);
        gateway.tellCloneToEnrolAnew();

        assertThat(awaitState("refused")).isEqualTo("refused");
        JsonNode last = gateway.heartbeats().getLast();
        assertThat(last.path("bootId"))
                .isEqualTo(gateway.heartbeats().getFirst().path("bootId"));
    }

    private String awaitState(String wanted) throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        String state = "";
        while (!state.equals(wanted) && System.nanoTime() < deadline) {
            state = exchange.control("GET", "/agents", "").get(0).path("state").asText();
            LockSupport.parkNanos(5_000_000L);
        }
        return state;
    }

    @Test
    void comesBackAfterTheGatewayWasAway() throws Exception {
        startAgents("token-1");
        gateway.await(heartbeat -> heartbeat.path("sequence").asLong() >= 1);
        gateway.answerHeartbeatsWith(503);
        int before = gateway.heartbeats().size();
        gateway.await(heartbeat -> gateway.heartbeats().size() > before);
        gateway.answerHeartbeatsWith(200);
        int away = gateway.heartbeats().size();
        gateway.await(heartbeat -> gateway.heartbeats().size() > away + 2);
        assertThat(exchange.control("GET", "/agents", "").get(0).path("state").asText())
                .isEqualTo("alive");
    }

    @Test
    void aWrongTokenEndsIt() throws Exception {
        startAgents("wrong");
        assertThat(awaitState("refused")).isEqualTo("refused");
        assertThat(gateway.heartbeats()).isEmpty();
    }

    @Test
    void versionsCompareByNumber() {
        assertThat(Work.isAtLeast("4.10", "4.3")).isTrue();
        assertThat(Work.isAtLeast("4.3.0", "4.3")).isTrue();
        assertThat(Work.isAtLeast("4.2.9", "4.3")).isFalse();
        assertThat(Work.isAtLeast("3.7", "4.3")).isFalse();
    }
}
