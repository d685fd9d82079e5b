package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.transition.TransitionCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Takes each part away and gives it back. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class OutageIT {
    @TestHTTPResource("/")
    URI base;

    @TestHTTPResource(value = "/health/live", management = true)
    URI liveness;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;

    @BeforeEach
    void agentWithAServer() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
        agent.report(TestedAgent.status("EX-OUT", "15.0.1395.4"));
    }

    @Test
    void tellsAgentsToComeAgainWhileKafkaIsAwayAndThenGoesOn() {
        RealParts.kafka().kill();
        try {
            assertComeAgain(agent.send(withStatus()));
            // What says that nothing changed has nothing to tell Kafka.
            assertThat(agent.send(agent.next("h")).status()).isEqualTo(200);
            assertThat(new Rest(liveness).get("", liveness.getPath()).status()).isEqualTo(200);
        } finally {
            RealParts.kafka().startAgain();
        }
        Eventually.isTrue(
                "heartbeats with a status are taken again",
                () -> agent.send(withStatus()).status() == 200);
        agent.report(TestedAgent.status("EX-OUT", "15.0.1497.2"));
        assertThat(tenant.inventoryEvents(3)).hasSize(3);
    }

    @Test
    void tellsAgentsToComeAgainWhileTheDatabaseIsAwayAndThenGoesOn() {
        RealParts.postgres().kill();
        try {
            assertComeAgain(agent.send(agent.next("h")));
            assertThat(new Rest(liveness).get("", liveness.getPath()).status()).isEqualTo(200);
        } finally {
            RealParts.postgres().startAgain();
        }
        Eventually.isTrue("heartbeats are taken again", isTaken());
        agent.report(TestedAgent.status("EX-OUT", "15.0.1497.2"));
        assertThat(tenant.inventoryEvents(3)).hasSize(3);
    }

    @Test
    void takesNoEscrowWhileTheBucketIsAway() throws Exception {
        ServerId server = ServerId.of(tenant.inventoryEvents(2).getFirst().key());
        CommandId command = CommandId.random();
        Topics.send(new TransitionCommand.EscrowAgentSettings(
                command, tenant.id(), server, agent.id, Instant.now().plusSeconds(3600)));
        CommandIT.Delivered delivered = CommandIT.delivered(agent);
        ObjectNode detail = Rest.MAPPER.createObjectNode().put("jwe", CommandIT.encrypted(delivered.key(), "settings"));

        RealParts.s3().kill();
        try {
            assertComeAgain(agent.send(CommandIT.withResult(agent, command, "succeeded", null, detail)));
        } finally {
            RealParts.s3().startAgain();
        }
        Answer again = agent.send(CommandIT.withResult(agent, command, "succeeded", null, detail));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().at("/resultsTaken/0/outcome").asText()).isEqualTo("succeeded");
    }

    /** What the inventory knows already. */
    private ObjectNode withStatus() {
        ObjectNode beat = agent.next("h");
        beat.set("status", TestedAgent.status("EX-OUT", "15.0.1395.4"));
        return beat;
    }

    private BooleanSupplier isTaken() {
        return () -> agent.send(agent.next("h")).status() == 200;
    }

    private static void assertComeAgain(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }
}
