package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.transition.TransitionCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the gateway takes many heartbeats, large ones and patient ones. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class GatewayIT {
    private static final int AGENTS = 30;
    private static final int BEATS = 8;

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;

    @BeforeEach
    void agentWithAServer() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
        agent.report(TestedAgent.status("EX-GATE", "15.0.1395.4"));
    }

    @Test
    void writesNothingToKafkaForHeartbeatsThatSayNothingNew() {
        int published = tenant.events(Topic.AGENT_HEARTBEAT, 1).size();

        for (int beat = 0; beat < 3; beat++) {
            assertThat(agent.send(agent.next("another-hash")).status()).isEqualTo(200);
        }
        agent.report(TestedAgent.status("EX-GATE", "15.0.1497.2"));

        assertThat(tenant.events(Topic.AGENT_HEARTBEAT, published + 1)).hasSize(published + 1);
    }

    @Test
    void letsInEveryHeartbeatOfACrowdAndRemembersEachAgentsLast() throws Exception {
        List<TestedAgent> crowd = new ArrayList<>();
        for (int number = 0; number < AGENTS; number++) {
            crowd.add(tenant.enrol());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(AGENTS)) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (TestedAgent one : crowd) {
                all.add(threads.submit(() -> {
                    boolean taken = true;
                    for (int beat = 0; beat < BEATS; beat++) {
                        taken &= one.send(one.next("h")).status() == 200;
                    }
                    return taken;
                }));
            }
            for (Future<Boolean> taken : all) {
                assertThat(taken.get()).isTrue();
            }
        }
        for (TestedAgent one : crowd) {
            assertThat(seenSequence(one)).isEqualTo(Integer.toString(BEATS));
        }
    }

    @Test
    void letsInOneOfTwoEqualHeartbeatsThatComeAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                ObjectNode beat = agent.next("h");
                Future<Answer> one = threads.submit(() -> agent.send(beat));
                Future<Answer> other = threads.submit(() -> agent.send(beat));
                assertThat(List.of(one.get().status(), other.get().status())).containsExactlyInAnyOrder(200, 409);
            }
        }
    }

    @Test
    void answersAPatientAgentWhenACommandComesAndNotBefore() throws Exception {
        ServerId server = ServerId.of(tenant.inventoryEvents(2).getFirst().key());
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            ObjectNode beat = agent.next(lastHash());
            Future<Answer> patient = threads.submit(() -> rest.post(agent.credential, agent.path() + "?wait=15", beat));
            Eventually.isTrue(
                    "the heartbeat is taken", () -> seenSequence(agent).equals(Long.toString(agent.sequence)));
            CommandId command = CommandId.random();
            Topics.send(new TransitionCommand.UpgradeAgent(
                    command, tenant.id(), server, agent.id, "4.3", Instant.now().plusSeconds(3600)));

            assertThat(patient.get().body().at("/commands/0/commandId").asText())
                    .isEqualTo(command.toString());
        }
    }

    @Test
    void answersAPatientAgentAtOnceWhenThereIsSomethingToSay() {
        Answer answer = rest.post(agent.credential, agent.path() + "?wait=55", agent.next("unknown-hash"));

        assertThat(answer.body().path("fullStatusWanted").asBoolean()).isTrue();
    }

    @Test
    void takesTheTimeWaitedOffTheInterval() {
        Answer answer = rest.post(agent.credential, agent.path() + "?wait=1", agent.next(lastHash()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("nextIntervalMs").asLong()).isLessThanOrEqualTo(29_000);
    }

    @Test
    void takesACompressedStatusThatIsLargerThanARawBodyMayBe() {
        ObjectNode status = TestedAgent.status("EX-GATE", "15.0.1395.4");
        ObjectNode set = TestedAgent.addSet(status, "set");
        TestedAgent.addMailbox(set, UUID.randomUUID(), "ada@example.test", 12);
        ObjectNode beat = agent.next("compressed").put("padding", " ".repeat(2 << 20));
        beat.set("status", status);

        Answer answer = rest.postCompressed(agent.credential, agent.path(), gzip(beat.toString()));

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(tenant.inventoryEvents(4)).hasSize(4);
    }

    @Test
    void refusesACompressedBodyThatInflatesBeyondItsLimitAndChangesNothing() {
        String before = Database.everything();

        Answer answer = rest.postCompressed(
                agent.credential,
                agent.path(),
                gzip(agent.next("bomb").put("padding", " ".repeat(20 << 20)).toString()));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("field")).isEqualTo("body");
        assertThat(Database.everything()).isEqualTo(before);
    }

    @Test
    void showsNoBareEndpointUnlessItIsMeasured() {
        Answer answer =
                rest.post(agent.credential, "/api/v1/agents/" + agent.id + "/bare", Rest.MAPPER.createObjectNode());

        assertThat(answer.status()).isEqualTo(404);
    }

    private static String lastHash() {
        return RealParts.sha256(TestedAgent.status("EX-GATE", "15.0.1395.4").toString());
    }

    private static String seenSequence(TestedAgent of) {
        return Database.as(
                        RealParts.postgres().superuser(),
                        connection -> Database.list(
                                connection, "SELECT seen_sequence FROM inventory.agent WHERE agent = '" + of.id + "'"))
                .getFirst();
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return compressed.toByteArray();
    }
}
