package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.id.AgentId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class BadInputIT {
    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedAgent agent;

    @BeforeEach
    void agentWithAHistory() {
        rest = new Rest(base);
        agent = TestedTenant.create(rest).enrol();
        agent.report(status());
    }

    private static ObjectNode status() {
        ObjectNode status = TestedAgent.status("EX-BAD", "15.0.1497.2");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set-1"), new UUID(1, 2), "ada@example.test", 12);
        return status;
    }

    /** What is done to a good heartbeat, by the field that the problem must name. */
    private static Map<String, Consumer<ObjectNode>> damages() {
        Map<String, Consumer<ObjectNode>> damages = new LinkedHashMap<>();
        damages.put("sequence", body -> body.put("sequence", "7"));
        damages.put("sequence ", body -> body.put("sequence", 1.5));
        damages.put("sequence  ", body -> body.put("sequence", -1));
        damages.put("bootId", body -> body.remove("bootId"));
        damages.put("bootId ", body -> body.put("bootId", "1-1-1-1-1"));
        damages.put("sentAt", body -> body.put("sentAt", "yesterday"));
        damages.put("sentAt ", body -> body.put("sentAt", "+999999999-01-01T00:00:00Z"));
        damages.put("statusHash", body -> body.put("statusHash", "has blanks"));
        damages.put("status", body -> body.put("status", "all is well"));
        damages.put("status.agent.version", body -> ((ObjectNode) body.at("/status/agent")).put("version", "new"));
        damages.put("status.server", body -> ((ObjectNode) body.get("status")).remove("server"));
        damages.put("status.server.name", body -> server(body).put("name", "EX\u0000"));
        damages.put("status.server.name ", body -> server(body).put("name", "  "));
        damages.put("status.server.name  ", body -> server(body).put("name", "x".repeat(256)));
        damages.put("status.server.build", body -> server(body).put("build", "15.0"));
        damages.put("status.server.build ", body -> server(body).put("build", "Exchange 2013 CU23"));
        damages.put("status.server.build  ", body -> server(body).put("build", "999999.0.0.0"));
        damages.put(
                "status.server.plannedUpdate.at",
                body -> server(body).putObject("plannedUpdate").put("build", "15.0.1497.2"));
        damages.put("status.backupSets", body -> ((ObjectNode) body.get("status")).putObject("backupSets"));
        damages.put("status.backupSets[0]", body -> ((ArrayNode) body.at("/status/backupSets")).set(0, "set"));
        damages.put("status.backupSets[0].mode", body -> set(body).put("mode", "POP3"));
        damages.put("status.backupSets[0].scheduleEnabled", body -> set(body).put("scheduleEnabled", "yes"));
        damages.put("status.backupSets[0].quotaBytes", body -> set(body).put("quotaBytes", -1));
        damages.put("status.backupSets[0].usedBytes", body -> set(body).put("usedBytes", 1e300));
        damages.put(
                "status.backupSets[0].lastJob.outcome",
                body -> set(body)
                        .putObject("lastJob")
                        .put("at", "2026-01-01T00:00:00Z")
                        .put("outcome", "MEH"));
        damages.put(
                "status.backupSets[1].ref",
                body -> ((ArrayNode) body.at("/status/backupSets"))
                        .add(set(body).deepCopy()));
        damages.put(
                "status.backupSets[0].mailboxes[0].address",
                body -> mailbox(body).put("address", "nobody"));
        damages.put(
                "status.backupSets[0].mailboxes[0].items", body -> mailbox(body).putNull("items"));
        damages.put(
                "status.backupSets[0].mailboxes[1].exchangeGuid",
                body -> ((ArrayNode) set(body).get("mailboxes"))
                        .add(mailbox(body).deepCopy()));
        damages.put(
                "running[0].percent",
                body -> ((ArrayNode) body.get("running"))
                        .addObject()
                        .put("commandId", UUID.randomUUID().toString())
                        .put("attempt", 1)
                        .put("percent", 101));
        damages.put("results", body -> body.put("results", 1));
        damages.put(
                "results[0].outcome",
                body -> ((ArrayNode) body.get("results"))
                        .addObject()
                        .put("commandId", UUID.randomUUID().toString())
                        .put("attempt", 1)
                        .put("outcome", "maybe"));
        damages.put(
                "results[0].commandId",
                body -> ((ArrayNode) body.get("results"))
                        .addObject()
                        .put("attempt", 1)
                        .put("outcome", "succeeded"));
        return damages;
    }

    private static ObjectNode server(ObjectNode body) {
        return (ObjectNode) body.at("/status/server");
    }

    private static ObjectNode set(ObjectNode body) {
        return (ObjectNode) body.at("/status/backupSets/0");
    }

    private static ObjectNode mailbox(ObjectNode body) {
        return (ObjectNode) body.at("/status/backupSets/0/mailboxes/0");
    }

    @Test
    void namesTheFieldThatIsWrongAndChangesNothing() {
        String before = Database.everything();
        int published = Topics.records(Topic.AGENT_HEARTBEAT.topicName()).size();

        damages().forEach((field, damage) -> {
            ObjectNode body = agent.next("h");
            body.set("status", status());
            damage.accept(body);
            Answer answer = agent.send(body);
            assertThat(answer.status()).as(field).isEqualTo(400);
            assertThat(answer.text("field")).isEqualTo(field.strip());
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        });

        assertThat(Database.everything()).isEqualTo(before);
        assertThat(Topics.records(Topic.AGENT_HEARTBEAT.topicName())).hasSize(published);
    }

    @Test
    void refusesBodiesThatAreNoJsonObject() {
        for (String body : new String[] {
            "", "{", "[]", "null", "7", "\"text\"", "{}{}", "{\"a\":1,\"a\":2}", "[".repeat(100), "<xml/>", "\u0000"
        }) {
            Answer answer = rest.post(agent.credential, agent.path(), body.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.text("field")).isEqualTo("body");
        }
        ObjectNode halfPair = agent.next("h");
        halfPair.set("status", TestedAgent.status("HALF", "15.0.1497.2"));
        String escaped = halfPair.toString().replace("HALF", "\\ud800");
        assertThat(rest.post(agent.credential, agent.path(), escaped.getBytes(StandardCharsets.UTF_8))
                        .text("field"))
                .isEqualTo("status.server.name");
        byte[] notUtf8 = {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'};
        assertThat(rest.post(agent.credential, agent.path(), notUtf8).status()).isEqualTo(400);
    }

    @Test
    void refusesBodiesOverOneMebibyte() {
        String before = Database.everything();
        for (int mebibytes : new int[] {2, 12}) {
            ObjectNode body = agent.next("h").put("padding", "x".repeat(mebibytes << 20));
            Answer answer = agent.send(body);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.text("field")).isEqualTo("body");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        }
        assertThat(Database.everything()).isEqualTo(before);
    }

    @Test
    void showsAForeignAgentAsOneThatDoesNotExist() {
        TestedAgent foreign = TestedTenant.create(rest).enrol();
        String before = Database.everything();

        Answer refused = rest.post(agent.credential, foreign.path(), agent.next("h"));
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text("field")).isEqualTo("agentId");
        String unknown = "/api/v1/agents/" + AgentId.random() + "/heartbeat";
        assertThat(rest.post(agent.credential, unknown, agent.next("h")).status())
                .isEqualTo(404);
        assertThat(rest.post(agent.credential, "/api/v1/agents/me/heartbeat", agent.next("h"))
                        .status())
                .isEqualTo(404);
        assertThat(Database.everything()).isEqualTo(before);
    }

    @Test
    void refusesUnknownCredentialsAlsoThoseOfOperators() {
        assertThat(rest.post(null, agent.path(), agent.next("h")).status()).isEqualTo(401);
        assertThat(rest.post("guess", agent.path(), agent.next("h")).status()).isEqualTo(401);
        assertThat(rest.post(RealParts.ADMIN, agent.path(), agent.next("h")).status())
                .isEqualTo(401);
        assertThat(rest.get(agent.credential, "/api/v1/tenants").status()).isEqualTo(401);
    }

    @Test
    void refusesTokensThatAreUnknownUsedUpOrExpired() {
        TestedTenant tenant = TestedTenant.create(rest);
        ObjectNode once = Rest.MAPPER.createObjectNode().put("uses", 1).put("expiresIn", "PT1H");
        String token = rest.post(RealParts.ADMIN, tenant.path("/enrolment-tokens"), once)
                .text("token");
        TestedAgent.enrol(rest, token);
        for (String bad : new String[] {token, "unknown", "x".repeat(199)}) {
            Answer answer = rest.post(null, "/api/v1/agents/enrol", TestedAgent.introduction(bad, UUID.randomUUID()));
            assertThat(answer.status()).isEqualTo(401);
        }
        ObjectNode brief = Rest.MAPPER.createObjectNode().put("uses", 1).put("expiresIn", "PT0.001S");
        String expired = rest.post(RealParts.ADMIN, tenant.path("/enrolment-tokens"), brief)
                .text("token");
        Eventually.isTrue(
                "the token expires",
                () -> rest.post(null, "/api/v1/agents/enrol", TestedAgent.introduction(expired, UUID.randomUUID()))
                                .status()
                        == 401);
        Answer nameless = rest.post(
                null,
                "/api/v1/agents/enrol",
                TestedAgent.introduction(tenant.enrolmentToken(), UUID.randomUUID())
                        .put("name", 7));
        assertThat(nameless.text("field")).isEqualTo("name");
    }

    @Test
    void setsAsideEventsThatItCannotReadAndGoesOn() {
        String topic = Topic.AGENT_HEARTBEAT.topicName();
        int setAside = Topics.records(topic + ".dlq").size();
        ProducerRecord<byte[], byte[]> unknown = Topics.encode(new AgentHeartbeat(
                io.mailferry.contracts.id.TenantId.random(),
                agent.id,
                1,
                UUID.randomUUID(),
                java.time.Instant.now(),
                java.time.Instant.now(),
                "h",
                java.util.Optional.empty()));
        unknown.headers()
                .remove("ce_type")
                .add("ce_type", "mailferry.agent.FromTheFuture.v1".getBytes(StandardCharsets.UTF_8));
        Topics.send(unknown);
        Topics.send(new ProducerRecord<>(topic, new byte[] {1}, "garbage".getBytes(StandardCharsets.UTF_8)));

        Eventually.isTrue(
                "both are set aside", () -> Topics.records(topic + ".dlq").size() >= setAside + 2);
        agent.report(status().put("noise", 1));
    }
}
