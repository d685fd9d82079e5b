package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.contracts.transition.Approval;
import io.mailferry.contracts.transition.DeletionProof;
import io.mailferry.contracts.transition.TransitionCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent of a script goes through the protocol; each request and each answer is what the OpenAPI document says. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class AgentApiIT {
    @TestHTTPResource("/")
    URI base;

    private final AgentApi api = new AgentApi();
    private Rest rest;
    private TestedTenant tenant;

    @BeforeEach
    void ownTenant() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
    }

    @Test
    void servesTheCommittedDocument() throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var answer = http.send(
                    HttpRequest.newBuilder(base.resolve("/api/v1/agents/openapi.yaml"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type").orElseThrow())
                    .startsWith("application/yaml");
            assertThat(answer.body()).isEqualTo(Files.readString(AgentApi.FILE));
        }
    }

    @Test
    void enrolsRenewsAndRefusesAsTheDocumentSays() {
        ObjectNode introduction = TestedAgent.introduction(tenant.enrolmentToken(), UUID.randomUUID());
        assertThat(api.violationsOfRequest("enrol", introduction)).isEmpty();
        Answer enrolled = post("enrol", null, "/api/v1/agents/enrol", introduction, 201);
        String agent = "/api/v1/agents/" + enrolled.text("agentId");
        post("enrol", null, "/api/v1/agents/enrol", introduction.deepCopy().put("token", "unknown"), 401);
        post("enrol", null, "/api/v1/agents/enrol", introduction.deepCopy().put("version", "none"), 400);
        post("enrol", null, "/api/v1/agents/enrol", introduction.deepCopy().put("brand", "x".repeat(1 << 20)), 413);

        post("renew", enrolled.text("credential"), agent + "/credential", Rest.MAPPER.createObjectNode(), 201);
        post("renew", "unknown", agent + "/credential", Rest.MAPPER.createObjectNode(), 401);
        post(
                "renew",
                enrolled.text("credential"),
                "/api/v1/agents/" + UUID.randomUUID() + "/credential",
                Rest.MAPPER.createObjectNode(),
                404);
    }

    @Test
    void answersHeartbeatsAsTheDocumentSays() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = TestedAgent.status("EX-API", "15.0.1497.2");
        ObjectNode set = TestedAgent.addSet(status, "set");
        TestedAgent.addMailbox(set, UUID.randomUUID(), "ada@example.test", 12);
        set.putObject("publicFolders").put("items", 0).put("bytes", 0);
        set.putObject("lastJob").put("at", Instant.now().toString()).put("outcome", "FAILED");
        ObjectNode full = agent.next("hash");
        full.set("status", status);
        beat(agent, full, 200);
        beat(agent, agent.next("other"), 200);
        beat(agent, full, 409);
        beat(agent, agent.next("no hash at all!"), 400);
        UUID first = agent.bootId;
        agent.bootId = UUID.randomUUID();
        beat(agent, agent.next("hash"), 200);
        agent.bootId = first;
        Answer clone = beat(agent, agent.next("hash"), 409);
        assertThat(clone.text("type")).isEqualTo("urn:mailferry:problem:enrolAnew");
        post("heartbeat", "unknown", agent.path(), agent.next("h"), 401);
        post("heartbeat", agent.credential, tenant.enrol().path(), agent.next("h"), 404);
    }

    @Test
    void deliversEveryTypeOfCommandAsTheDocumentSaysAndTakesEveryResult() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = TestedAgent.status("EX-API", "15.0.1473.3");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set"), UUID.randomUUID(), "ada@example.test", 12);
        agent.report(status);
        MailboxId mailbox = ((MailboxChanged) tenant.inventoryEvents(4).get(2)).mailbox();
        BackupSetChanged set = (BackupSetChanged) tenant.inventoryEvents(4).get(3);
        commands(agent, set.server(), set.backupSet(), mailbox).forEach(Topics::send);

        JsonNode[] delivered = new JsonNode[1];
        Eventually.isTrue("all are delivered", () -> {
            delivered[0] = beat(agent, agent.next("h"), 200).body().path("commands");
            return delivered[0].size() == 6;
        });
        Set<String> types = new TreeSet<>();
        delivered[0].forEach(command -> types.add(command.path("type").asText()));
        assertThat(types).hasSize(6);

        List<String> outcomes = List.of("accepted", "running", "failed", "rejected", "cancelled");
        ObjectNode results = agent.next("h");
        for (int i = 0; i < outcomes.size(); i++) {
            ((ArrayNode) results.get("results"))
                    .addObject()
                    .put("commandId", delivered[0].at("/" + i + "/commandId").asText())
                    .put("attempt", 1)
                    .put("outcome", outcomes.get(i))
                    .put("cause", "busy");
        }
        ((ArrayNode) results.get("running"))
                .addObject()
                .put("commandId", CommandId.random().toString())
                .put("attempt", 1)
                .put("percent", 5);
        Answer taken = beat(agent, results, 200);
        assertThat(taken.body().path("resultsTaken")).hasSize(5);
        assertThat(taken.body().path("cancel")).hasSize(1);
    }

    private List<TransitionCommand> commands(TestedAgent agent, ServerId server, BackupSetId set, MailboxId mailbox) {
        Instant expires = Instant.now().plusSeconds(3600);
        Instant before = Instant.now().minusSeconds(3600);
        DeletionProof proof =
                new DeletionProof(List.of(new DeletionProof.Proven(mailbox, RestorePointId.random(), before)), before);
        return List.of(
                new TransitionCommand.EscrowAgentSettings(CommandId.random(), tenant.id(), server, agent.id, expires),
                new TransitionCommand.UpgradeAgent(CommandId.random(), tenant.id(), server, agent.id, "4.3", expires),
                new TransitionCommand.CreateEwsBackupSet(
                        CommandId.random(),
                        tenant.id(),
                        server,
                        agent.id,
                        set,
                        "EWS",
                        List.of(UUID.randomUUID()),
                        expires),
                new TransitionCommand.FreezeMapiRetention(
                        CommandId.random(), tenant.id(), server, agent.id, set, expires),
                new TransitionCommand.DisableMapiSchedule(
                        CommandId.random(), tenant.id(), server, agent.id, set, expires),
                new TransitionCommand.DeleteMapiBackupSet(
                        CommandId.random(),
                        tenant.id(),
                        server,
                        agent.id,
                        set,
                        proof,
                        "eve",
                        List.of(new Approval("ada", before), new Approval("bob", before)),
                        expires));
    }

    private Answer beat(TestedAgent agent, ObjectNode body, int status) {
        if (status == 200) {
            assertThat(api.violationsOfRequest("heartbeat", body)).isEmpty();
        }
        return post("heartbeat", agent.credential, agent.path(), body, status);
    }

    private Answer post(String operation, String credential, String path, ObjectNode body, int status) {
        Answer answer = rest.post(credential, path, body.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(api.violationsOfAnswer(operation, answer))
                .as(answer.body().toString())
                .isEmpty();
        return answer;
    }
}
