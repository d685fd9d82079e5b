package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.transition.CommandResult.CommandFailed;
import io.mailferry.contracts.transition.CommandResult.CommandRejected;
import io.mailferry.contracts.transition.TransitionCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credentials renewed, voided and bound anew, and what becomes of the agent meanwhile. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class AgentLifeIT {
    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;

    @BeforeEach
    void enrolledAgent() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
    }

    @Test
    void refusesARevokedAgentFromTheNextRequestOn() {
        assertThat(beat(agent.credential).status()).isEqualTo(200);

        assertThat(rest.delete(RealParts.ADMIN, "/api/v1/agents/" + agent.id).status())
                .isEqualTo(204);

        assertThat(beat(agent.credential).status()).isEqualTo(401);
        assertThat(renew(agent.credential).status()).isEqualTo(401);
        JsonNode listed = listed();
        assertThat(listed.get("state").asText()).isEqualTo("REVOKED");
        assertThat(rest.delete(RealParts.ADMIN, "/api/v1/agents/" + agent.id).status())
                .isEqualTo(204);
        assertThat(listed().get("revokedAt")).isEqualTo(listed.get("revokedAt"));
    }

    @Test
    void settlesWhatARevokedAgentLeavesOpenAndRejectsWhatComesLater() {
        agent.report(TestedAgent.status("EX-REVOKED", "15.0.1497.2"));
        ServerId server = ServerId.of(tenant.inventoryEvents(2).getFirst().key());
        CommandId waiting = upgrade(server);
        CommandId begun = upgrade(server);
        Eventually.isTrue(
                "both are delivered",
                () -> beat(agent.credential).body().path("commands").size() == 2);
        assertThat(agent.send(CommandIT.withResult(agent, begun, "accepted", null, null))
                        .status())
                .isEqualTo(200);

        rest.delete(RealParts.ADMIN, "/api/v1/agents/" + agent.id);
        Eventually.isTrue("both are settled", () -> ends() == 2);
        CommandId late = upgrade(server);
        Eventually.isTrue("the late one is rejected", () -> ends() == 3);

        assertThat(tenant.events(Topic.COMMAND_RESULT, 3))
                .anySatisfy(event -> {
                    assertThat(event).isInstanceOf(CommandRejected.class);
                    assertThat(((CommandRejected) event).command()).isEqualTo(waiting);
                    assertThat(((CommandRejected) event).cause()).isEqualTo("AGENT_REVOKED");
                })
                .anySatisfy(event -> {
                    assertThat(event).isInstanceOf(CommandFailed.class);
                    assertThat(((CommandFailed) event).command()).isEqualTo(begun);
                    assertThat(((CommandFailed) event).cause()).isEqualTo("AGENT_REVOKED");
                })
                .anySatisfy(event -> {
                    assertThat(event).isInstanceOf(CommandRejected.class);
                    assertThat(((CommandRejected) event).command()).isEqualTo(late);
                });
    }

    private long ends() {
        return Topics.events(Topic.COMMAND_RESULT, tenant.id()).stream()
                .filter(event -> event instanceof CommandRejected || event instanceof CommandFailed)
                .count();
    }

    private CommandId upgrade(ServerId server) {
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.UpgradeAgent(
                command, tenant.id(), server, agent.id, "4.3", Instant.now().plusSeconds(3600)));
        return command;
    }

    @Test
    void keepsTheOldCredentialUntilTheNewOneIsUsed() {
        Answer renewed = renew(agent.credential);
        assertThat(renewed.status()).isEqualTo(201);
        assertThat(beat(agent.credential).status()).isEqualTo(200);

        assertThat(beat(renewed.text("credential")).status()).isEqualTo(200);

        assertThat(beat(agent.credential).status()).isEqualTo(401);
        assertThat(beat(renewed.text("credential")).status()).isEqualTo(200);
        assertThat(Database.everything()).doesNotContain(renewed.text("credential"));
    }

    @Test
    void renewsAgainWithTheOldCredentialWhenTheAnswerWasLost() {
        Answer lost = renew(agent.credential);
        Answer arrived = renew(agent.credential);

        // What nobody has in his hands is void; the chain goes on from what arrived.
        assertThat(beat(lost.text("credential")).status()).isEqualTo(401);
        assertThat(beat(agent.credential).status()).isEqualTo(200);
        Answer next = renew(arrived.text("credential"));
        assertThat(next.status()).isEqualTo(201);
        assertThat(beat(agent.credential).status()).isEqualTo(401);
        assertThat(beat(arrived.text("credential")).status()).isEqualTo(200);
        assertThat(beat(next.text("credential")).status()).isEqualTo(200);
        assertThat(beat(arrived.text("credential")).status()).isEqualTo(401);
    }

    @Test
    void refusesAnExpiredCredentialAndSaysFromWhenItCanBeRenewed() {
        Answer renewed = renew(agent.credential);
        Instant expires = Instant.parse(renewed.text("credentialExpiresAt"));
        Instant renewFrom = Instant.parse(renewed.text("renewFrom"));
        assertThat(renewFrom).isAfter(Instant.now()).isBefore(expires);
        agent.send(agent.next("h"));
        expire("previous_credential_expires_at");
        assertThat(beat(agent.credential).status()).isEqualTo(401);

        String credential = renewed.text("credential");
        assertThat(beat(credential).status()).isEqualTo(200);
        expire("credential_expires_at");
        assertThat(beat(credential).status()).isEqualTo(401);
        assertThat(renew(credential).status()).isEqualTo(401);
    }

    private void expire(String column) {
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent SET " + column + " = now() - interval '1 second' WHERE agent = '"
                                + agent.id + "'"));
    }

    @Test
    void renewsOnlyTheCallersOwnCredential() {
        TestedAgent other = tenant.enrol();
        assertThat(rest.post(agent.credential, "/api/v1/agents/" + other.id + "/credential", Rest.MAPPER.nullNode())
                        .status())
                .isEqualTo(404);
        assertThat(rest.post(null, "/api/v1/agents/" + agent.id + "/credential", Rest.MAPPER.nullNode())
                        .status())
                .isEqualTo(401);
        assertThat(rest.post(RealParts.ADMIN, "/api/v1/agents/" + agent.id + "/credential", Rest.MAPPER.nullNode())
                        .status())
                .isEqualTo(401);
        assertThat(beat(agent.credential).status()).isEqualTo(200);
    }

    @Test
    void tellsACloneToEnrolAnewAndShowsItToOperators() {
        UUID original = agent.bootId;
        assertThat(beat(agent.credential).status()).isEqualTo(200);
        agent.bootId = UUID.randomUUID();
        assertThat(beat(agent.credential).status()).isEqualTo(200);
        assertThat(listed().get("clonedAt").isNull()).isTrue();

        agent.bootId = original;
        Answer refused = beat(agent.credential);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("type")).isEqualTo("urn:mailferry:problem:enrolAnew");
        assertThat(refused.text("field")).isEqualTo("bootId");
        assertThat(listed().get("clonedAt").isNull()).isFalse();
    }

    @Test
    void asksOnlyForAHigherSequenceWhenOneIsRepeated() {
        ObjectNode body = agent.next("h");
        assertThat(agent.send(body).status()).isEqualTo(200);

        Answer repeated = agent.send(body);

        assertThat(repeated.status()).isEqualTo(409);
        assertThat(repeated.text("type")).isEqualTo("about:blank");
        assertThat(repeated.text("field")).isEqualTo("sequence");
        assertThat(listed().get("clonedAt").isNull()).isTrue();
    }

    @Test
    void keepsItsIdentityWhenItEnrolsAnewAndVoidsWhatTheCloneHas() {
        agent.report(TestedAgent.status("EX-ANEW", "15.0.1497.2"));
        UUID original = agent.bootId;
        agent.bootId = UUID.randomUUID();
        beat(agent.credential);
        agent.bootId = original;
        assertThat(beat(agent.credential).status()).isEqualTo(409);
        rest.delete(RealParts.ADMIN, "/api/v1/agents/" + agent.id);
        String token = tokenFor(agent).text("token");

        // With the very boot that was refused.
        Answer again = enrol(token, original, agent.id.toString());

        assertThat(again.status()).as(again.body().toString()).isEqualTo(201);
        assertThat(again.text("agentId")).isEqualTo(agent.id.toString());
        assertThat(beat(agent.credential).status()).isEqualTo(401);
        Answer taken = beat(again.text("credential"));
        assertThat(taken.status()).isEqualTo(200);
        // Nothing about it is new, so nothing has to be told again.
        JsonNode listed = listed();
        assertThat(listed.get("clonedAt").isNull()).isTrue();
        assertThat(listed.get("revokedAt").isNull()).isTrue();
        assertThat(listed.get("serverId").isNull()).isFalse();
        assertThat(enrol(token, UUID.randomUUID(), null).status()).isEqualTo(401);
    }

    @Test
    void givesALiveAgentsIdentityToNobodyByAGeneralTokenOrAnotherTenants() {
        Answer general = enrol(tenant.enrolmentToken(), UUID.randomUUID(), agent.id.toString());
        assertThat(general.status()).isEqualTo(400);
        assertThat(general.text("field")).isEqualTo("agentId");

        TestedTenant stranger = TestedTenant.create(rest);
        Answer unknown = enrol(stranger.enrolmentToken(), UUID.randomUUID(), agent.id.toString());
        Answer missing = enrol(
                stranger.enrolmentToken(), UUID.randomUUID(), UUID.randomUUID().toString());
        assertThat(unknown.body()).isEqualTo(missing.body());
        Answer foreign = rest.post(
                RealParts.ADMIN,
                stranger.path("/enrolment-tokens"),
                Rest.MAPPER.createObjectNode().put("agentId", agent.id.toString()));
        assertThat(foreign.status()).isEqualTo(400);
        assertThat(foreign.text("field")).isEqualTo("agentId");
        Answer many = rest.post(
                RealParts.ADMIN,
                tenant.path("/enrolment-tokens"),
                Rest.MAPPER
                        .createObjectNode()
                        .put("agentId", agent.id.toString())
                        .put("uses", 2));
        assertThat(many.status()).isEqualTo(400);

        assertThat(beat(agent.credential).status()).isEqualTo(200);
    }

    @Test
    void listsAndRevokesEnrolmentTokensWithoutShowingThem() {
        Answer issued = rest.post(
                RealParts.ADMIN,
                tenant.path("/enrolment-tokens"),
                Rest.MAPPER.createObjectNode().put("uses", 3));
        String path = tenant.path("/enrolment-tokens/" + issued.text("id"));
        assertThat(enrol(issued.text("token"), UUID.randomUUID(), null).status())
                .isEqualTo(201);

        Answer tokens = rest.get(RealParts.VIEWER, tenant.path("/enrolment-tokens"));
        assertThat(tokens.body().at("/0/id")).isEqualTo(issued.body().get("id"));
        assertThat(tokens.body().at("/0/usesLeft").asInt()).isEqualTo(2);
        assertThat(tokens.body().toString())
                .doesNotContain(issued.text("token"))
                .doesNotContain(RealParts.sha256(issued.text("token")));

        assertThat(rest.delete(RealParts.VIEWER, path).status()).isEqualTo(403);
        assertThat(rest.delete(RealParts.OUTSIDER, path).status()).isEqualTo(404);
        assertThat(rest.delete(RealParts.ADMIN, tenant.path("/enrolment-tokens/" + UUID.randomUUID()))
                        .status())
                .isEqualTo(404);
        assertThat(rest.delete(
                                RealParts.ADMIN,
                                TestedTenant.create(rest).path("/enrolment-tokens/" + issued.text("id")))
                        .status())
                .isEqualTo(404);
        assertThat(enrol(issued.text("token"), UUID.randomUUID(), null).status())
                .isEqualTo(201);
        assertThat(rest.delete(RealParts.ADMIN, path).status()).isEqualTo(204);
        assertThat(enrol(issued.text("token"), UUID.randomUUID(), null).status())
                .isEqualTo(401);
        assertThat(rest.get(RealParts.ADMIN, tenant.path("/enrolment-tokens"))
                        .body()
                        .at("/0/revokedAt")
                        .isNull())
                .isFalse();
    }

    @Test
    void letsOnlyTheTenantsOwnOperatorsRevoke() {
        String path = "/api/v1/agents/" + agent.id;
        assertThat(rest.delete(RealParts.OUTSIDER, path).status()).isEqualTo(404);
        assertThat(rest.delete(RealParts.VIEWER, path).status()).isEqualTo(403);
        assertThat(rest.delete(agent.credential, path).status()).isEqualTo(401);
        assertThat(rest.delete(RealParts.ADMIN, "/api/v1/agents/" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
        assertThat(rest.delete(RealParts.ADMIN, "/api/v1/agents/no-uuid").status())
                .isIn(400, 404);
        assertThat(beat(agent.credential).status()).isEqualTo(200);
    }

    private Answer beat(String credential) {
        return rest.post(credential, agent.path(), agent.next("h"));
    }

    private Answer renew(String credential) {
        return rest.post(credential, "/api/v1/agents/" + agent.id + "/credential", new byte[0]);
    }

    private Answer tokenFor(TestedAgent one) {
        Answer token = rest.post(
                RealParts.ADMIN,
                tenant.path("/enrolment-tokens"),
                Rest.MAPPER.createObjectNode().put("agentId", one.id.toString()));
        assertThat(token.status()).as(token.body().toString()).isEqualTo(201);
        return token;
    }

    private Answer enrol(String token, UUID boot, String agentId) {
        ObjectNode body = TestedAgent.introduction(token, boot);
        if (agentId != null) {
            body.put("agentId", agentId);
        }
        return rest.post(null, "/api/v1/agents/enrol", body);
    }

    private JsonNode listed() {
        for (JsonNode listed : rest.get(RealParts.ADMIN, tenant.path("/agents")).body()) {
            if (listed.path("agentId").asText().equals(agent.id.toString())) {
                return listed;
            }
        }
        throw new AssertionError("the agent is not listed");
    }
}
