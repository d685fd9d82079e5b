package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.id.AgentId;
import java.time.Instant;
import java.util.UUID;

/** An agent that says what a test wants it to say. */
final class TestedAgent {
    final AgentId id;
    final String credential;
    UUID bootId;
    long sequence;
    private final Rest rest;

    private TestedAgent(Rest rest, AgentId id, String credential, UUID bootId) {
        this.rest = rest;
        this.id = id;
        this.credential = credential;
        this.bootId = bootId;
    }

    static TestedAgent enrol(Rest rest, String token) {
        UUID bootId = UUID.randomUUID();
        Answer answer = rest.post(null, "/api/v1/agents/enrol", introduction(token, bootId));
        assertThat(answer.status()).isEqualTo(201);
        return new TestedAgent(rest, AgentId.of(answer.text("agentId")), answer.text("credential"), bootId);
    }

    static ObjectNode introduction(String token, UUID bootId) {
        return Rest.MAPPER
                .createObjectNode()
                .put("token", token)
                .put("name", "agent-of-a-test")
                .put("brand", "Acme Backup")
                .put("version", "4.1.0")
                .put("bootId", bootId.toString());
    }

    String path() {
        return "/api/v1/agents/" + id + "/heartbeat";
    }

    /** A heartbeat with the next sequence. */
    ObjectNode next(String hash) {
        ObjectNode body = Rest.MAPPER.createObjectNode();
        body.put("sequence", ++sequence)
                .put("bootId", bootId.toString())
                .put("sentAt", Instant.now().toString())
                .put("statusHash", hash);
        body.putArray("running");
        body.putArray("results");
        return body;
    }

    Answer send(ObjectNode body) {
        return rest.post(credential, path(), body);
    }

    /** Status in full; returns once the inventory reflects it. */
    void report(ObjectNode status) {
        String hash = RealParts.sha256(status.toString());
        ObjectNode body = next(hash);
        body.set("status", status);
        Answer answer = send(body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        Eventually.isTrue(
                "the inventory reflects the status",
                () -> !send(next(hash)).body().path("fullStatusWanted").asBoolean());
    }

    static ObjectNode status(String serverName, String build) {
        ObjectNode status = Rest.MAPPER.createObjectNode();
        status.putObject("agent").put("brand", "Acme Backup").put("version", "4.1.0");
        status.putObject("server").put("name", serverName).put("build", build);
        status.putArray("backupSets");
        return status;
    }

    static ObjectNode addSet(ObjectNode status, String ref) {
        ObjectNode set = ((ArrayNode) status.get("backupSets")).addObject();
        set.put("ref", ref)
                .put("name", "Mail of " + ref)
                .put("mode", "MAPI")
                .put("scheduleEnabled", true)
                .put("retentionEnabled", true)
                .put("quotaBytes", 1_000_000L)
                .put("usedBytes", 500_000L);
        set.putArray("mailboxes");
        return set;
    }

    static ObjectNode addMailbox(ObjectNode set, UUID guid, String address, long items) {
        return ((ArrayNode) set.get("mailboxes"))
                .addObject()
                .put("exchangeGuid", guid.toString())
                .put("address", address)
                .put("items", items)
                .put("bytes", items * 1000);
    }
}
