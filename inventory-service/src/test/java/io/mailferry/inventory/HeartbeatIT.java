package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.inventory.InventoryEvent.BackupJobFailed;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdated;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.contracts.inventory.InventoryEvent.ServerDiscovered;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class HeartbeatIT {
    private static final UUID GUID = UUID.randomUUID();

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;

    @BeforeEach
    void tenantOfItsOwn() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
    }

    @Test
    void tellsWhatAFirstStatusShowsWithMailboxesBeforeTheirSet() {
        tenant.enrol().report(statusWithOneMailbox("Version 15.0 (Build 1497.2)", 12));

        List<Event> events = tenant.inventoryEvents(4);
        assertThat(names(events))
                .containsExactly("ServerDiscovered", "AgentRegistered", "MailboxChanged", "BackupSetChanged");
        assertThat(((ServerDiscovered) events.getFirst()).build()).contains(new ExchangeBuild(15, 0, 1497, 2));
        assertThat(((MailboxChanged) events.get(2)).exchangeGuid()).contains(GUID);
        assertThat(((BackupSetChanged) events.get(3)).mailboxes()).isEqualTo(1);
    }

    @Test
    void tellsEachChangeOnceAndNothingForTheSameBuildInAnotherShape() {
        TestedAgent agent = tenant.enrol();
        agent.report(statusWithOneMailbox("15.0.1395.4", 12));
        agent.report(statusWithOneMailbox("15.00.1395.004", 12));
        agent.report(statusWithOneMailbox("15.0.1497.2", 12));
        agent.report(statusWithOneMailbox("15.0.1497.2", 13));
        agent.report(statusWithOneMailbox("15.0.1497.2", 13));

        // The last change is known to be told once an independent later one is.
        ObjectNode last = statusWithOneMailbox("15.0.1497.2", 13);
        ((ObjectNode) last.get("backupSets").get(0)).put("retentionEnabled", false);
        agent.report(last);

        List<Event> events = tenant.inventoryEvents(7).subList(4, 7);
        assertThat(names(events)).containsExactly("ExchangeUpdated", "MailboxChanged", "BackupSetChanged");
        ExchangeUpdated updated = (ExchangeUpdated) events.getFirst();
        assertThat(updated.before()).contains(new ExchangeBuild(15, 0, 1395, 4));
        assertThat(updated.now()).contains(new ExchangeBuild(15, 0, 1497, 2));
        assertThat(((MailboxChanged) events.get(1)).items()).isEqualTo(13);
        assertThat(((BackupSetChanged) events.get(2)).retentionEnabled()).isFalse();
    }

    @Test
    void tellsWhatASetBacksUpOfPublicFoldersAndThatItNoLongerDoes() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = statusWithOneMailbox("15.0.1395.4", 12);
        ObjectNode set = (ObjectNode) status.get("backupSets").get(0);
        set.putObject("publicFolders").put("items", 40).put("bytes", 2_000);
        agent.report(status);
        agent.report(status.deepCopy().put("noise", 1));
        set.remove("publicFolders");
        agent.report(status);

        List<Event> events = tenant.inventoryEvents(5);
        assertThat(names(events).subList(3, events.size())).containsExactly("BackupSetChanged", "BackupSetChanged");
        assertThat(((BackupSetChanged) events.get(3)).publicFolders()).contains(new PublicFolders(40, 2_000));
        assertThat(((BackupSetChanged) events.get(4)).publicFolders()).isEmpty();
    }

    @Test
    void takesAnAbsentBuildForUnknown() {
        ObjectNode status = TestedAgent.status("EX-NO-BUILD", "");
        ((ObjectNode) status.get("server")).remove("build");

        tenant.enrol().report(status);

        assertThat(((ServerDiscovered) tenant.inventoryEvents(1).getFirst()).build())
                .isEmpty();
    }

    @Test
    void doesNotTellEachStatusOfTwoAgentsThatSeeOneServerDifferently() {
        TestedAgent one = tenant.enrol();
        TestedAgent two = tenant.enrol();
        one.report(TestedAgent.status("EX-DAG", "15.0.1473.3"));
        two.report(TestedAgent.status("ex-dag", "15.0.1497.2"));
        one.report(TestedAgent.status("EX-DAG", "15.0.1473.3").put("noise", 1));
        two.report(TestedAgent.status("EX-DAG", "15.0.1497.2").put("noise", 2));
        TestedAgent three = tenant.enrol();
        three.report(TestedAgent.status("EX-DAG", "15.0.1497.2"));

        assertThat(names(tenant.inventoryEvents(5)))
                .containsExactly(
                        "ServerDiscovered", "AgentRegistered", "ExchangeUpdated", "AgentRegistered", "AgentRegistered");
    }

    @Test
    void tellsAFailedJobOnce() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = statusWithOneMailbox("15.0.1497.2", 12);
        ((ObjectNode) status.get("backupSets").get(0))
                .putObject("lastJob")
                .put("at", "2026-11-20T01:02:03.456789Z")
                .put("outcome", "FAILED");
        agent.report(status);
        agent.report(status.deepCopy().put("noise", 1));

        List<Event> events = tenant.inventoryEvents(5);
        assertThat(events).hasSize(5);
        assertThat(events.getLast()).isInstanceOf(BackupJobFailed.class);
    }

    @Test
    void keepsOneMailboxInTwoSetsWithTheFiguresOfEach() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = statusWithOneMailbox("15.0.1497.2", 12);
        ObjectNode ews = TestedAgent.addSet(status, "set-ews").put("mode", "EWS");
        TestedAgent.addMailbox(ews, GUID, "ada@example.test", 7);
        agent.report(status);
        agent.report(status.deepCopy().put("noise", 1));

        List<Event> events = tenant.inventoryEvents(6);
        assertThat(names(events).subList(2, events.size()))
                .containsExactly("MailboxChanged", "BackupSetChanged", "MailboxChanged", "BackupSetChanged");
        assertThat(((MailboxChanged) events.get(2)).mailbox()).isEqualTo(((MailboxChanged) events.get(4)).mailbox());
        Answer listed = rest.get(RealParts.ADMIN, tenant.path("/mailboxes?address=ADA@example.test"));
        assertThat(listed.body()).hasSize(1);
        assertThat(listed.body().get(0).get("address").asText()).isEqualTo("ada@example.test");
        assertThat(listed.body().get(0).get("items").asLong()).isEqualTo(12);
        assertThat(listed.body().get(0).get("backupSets")).hasSize(2);
    }

    @Test
    void changesNothingForRepeatedAndOvertakenRecordsOfTheTopic() {
        TestedAgent agent = tenant.enrol();
        agent.report(statusWithOneMailbox("15.0.1395.4", 12));
        AgentHeartbeat old =
                (AgentHeartbeat) tenant.events(Topic.AGENT_HEARTBEAT, 1).getFirst();
        agent.bootId = UUID.randomUUID();
        agent.sequence = 0;
        agent.report(statusWithOneMailbox("15.0.1497.2", 12));
        List<Event> before = tenant.inventoryEvents(5);

        // Once as it was, once as if the agent's first boot had said more after its second one.
        Topics.send(old);
        Topics.send(new AgentHeartbeat(
                old.tenant(),
                old.agent(),
                old.sequence() + 1_000,
                old.bootId(),
                old.sentAt(),
                old.receivedAt(),
                old.statusHash(),
                old.status()));
        agent.report(statusWithOneMailbox("15.0.1497.2", 99));

        List<Event> after = tenant.inventoryEvents(6);
        assertThat(after).startsWith(before.toArray(Event[]::new)).hasSize(6);
        assertThat(after.getLast()).isInstanceOf(MailboxChanged.class);
    }

    @Test
    void asksForTheStatusUntilItKnowsItsHash() {
        TestedAgent agent = tenant.enrol();
        assertThat(agent.send(agent.next("never-seen"))
                        .body()
                        .path("fullStatusWanted")
                        .asBoolean())
                .isTrue();
        ObjectNode status = TestedAgent.status("EX-HASH", "15.0.1497.2");
        agent.report(status);
        Answer unchanged = agent.send(agent.next(RealParts.sha256(status.toString())));
        assertThat(unchanged.body().path("fullStatusWanted").asBoolean()).isFalse();
        assertThat(unchanged.body().path("nextIntervalMs").asLong()).isPositive();
        assertThat(unchanged.text("serverTime")).endsWith("Z");
    }

    @Test
    void asksAgainForAStatusThatTheVersionBeforeReadOrKept() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = statusWithOneMailbox("15.0.1395.4", 12);
        agent.report(status);
        String hash = RealParts.sha256(status.toString());

        // The bare hash is what was kept before; each mark alone is what one older part leaves of it.
        for (String kept : List.of(hash, "g2:" + hash, "i2:" + hash)) {
            hashIs(agent, kept);
            assertThat(fullStatusWanted(agent, hash)).as(kept).isTrue();
        }
        agent.report(status);
        assertThat(fullStatusWanted(agent, hash)).isFalse();
    }

    private static boolean fullStatusWanted(TestedAgent agent, String hash) {
        return agent.send(agent.next(hash)).body().path("fullStatusWanted").asBoolean();
    }

    private static void hashIs(TestedAgent agent, String kept) {
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent SET status_hash = '" + kept + "' WHERE agent = '" + agent.id + "'"));
    }

    @Test
    void refusesAReplayAndABootThatWasFollowedByAnother() {
        TestedAgent agent = tenant.enrol();
        ObjectNode first = agent.next("a");
        assertThat(agent.send(first).status()).isEqualTo(200);
        assertThat(agent.send(first).status()).isEqualTo(409);

        ObjectNode late = agent.next("b");
        UUID firstBoot = agent.bootId;
        agent.bootId = UUID.randomUUID();
        agent.sequence = 0;
        assertThat(agent.send(agent.next("c")).status()).isEqualTo(200);
        Answer clone = agent.send(late);
        assertThat(late.get("bootId").asText()).isEqualTo(firstBoot.toString());
        assertThat(clone.status()).isEqualTo(409);
        assertThat(clone.text("title")).isEqualTo("Enrol anew");
    }

    @Test
    void bindsAMailboxRegisteredByHandWhenAnAgentReportsItsAddress() {
        Answer server = rest.post(
                RealParts.ADMIN,
                tenant.path("/servers"),
                Rest.MAPPER
                        .createObjectNode()
                        .put("name", "ex-hand")
                        .put("ewsUrl", "https://mail.example.test/EWS/Exchange.asmx")
                        .put("credentialRef", "mounted"));
        assertThat(server.status()).as(server.body().toString()).isEqualTo(201);
        Answer byHand = rest.post(
                RealParts.ADMIN,
                "/api/v1/servers/" + server.text("serverId") + "/mailboxes",
                Rest.MAPPER.createObjectNode().put("address", "Grace@example.test"));
        assertThat(byHand.status()).isEqualTo(201);

        ObjectNode status = TestedAgent.status("EX-HAND", "15.0.1497.2");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set"), UUID.randomUUID(), "grace@EXAMPLE.test", 3);
        tenant.enrol().report(status);

        List<Event> events = tenant.inventoryEvents(7);
        assertThat(names(events))
                .containsExactly(
                        "ServerDiscovered",
                        "ServerConnected",
                        "MailboxChanged",
                        "ExchangeUpdated",
                        "AgentRegistered",
                        "MailboxChanged",
                        "BackupSetChanged");
        assertThat(((ExchangeUpdated) events.get(3)).before()).isEqualTo(Optional.empty());
        MailboxChanged bound = (MailboxChanged) events.get(5);
        assertThat(bound.mailbox()).hasToString(byHand.text("mailboxId"));
        assertThat(bound.address()).isEqualTo(((MailboxChanged) events.get(2)).address());
    }

    private static ObjectNode statusWithOneMailbox(String build, long items) {
        ObjectNode status = TestedAgent.status("EX01", build);
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set-1"), GUID, "Ada@Example.test", items);
        return status;
    }

    private static List<String> names(List<Event> events) {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }
}
