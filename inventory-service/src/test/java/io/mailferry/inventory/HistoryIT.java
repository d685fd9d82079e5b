package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.inventory.InventoryEvent.QuotaChanged;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each change is told once, and its history can be read. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class HistoryIT {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID GRACE = new UUID(1, 2);

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;

    @BeforeEach
    void tenantOfItsOwn() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
    }

    @Test
    void tellsAPlannedUpdateAndThatItIsPlannedNoMore() {
        ObjectNode planned = TestedAgent.status("EX-PLAN", "15.0.1473.3");
        ((ObjectNode) planned.get("server"))
                .putObject("plannedUpdate")
                .put("build", "15.0.1497.2")
                .put("at", "2026-12-20T20:00:00Z");
        agent.report(planned);
        // One that knows of no update does not take back another one's word.
        tenant.enrol().report(TestedAgent.status("EX-PLAN", "15.0.1473.3"));
        agent.report(TestedAgent.status("EX-PLAN", "15.0.1473.3"));

        assertThat(names(tenant.inventoryEvents(5)))
                .containsExactly(
                        "ServerDiscovered",
                        "ExchangeUpdatePlanned",
                        "AgentRegistered",
                        "AgentRegistered",
                        "ExchangeUpdateWithdrawn");
    }

    @Test
    void tellsOfMailboxesAndSetsThatGoAndComeBack() {
        agent.report(status(true, 500_000, ADA, GRACE));
        agent.report(status(true, 500_000, GRACE));
        ObjectNode none = status(true, 500_000, GRACE);
        ((ArrayNode) none.get("backupSets")).removeAll();
        agent.report(none);
        agent.report(none.deepCopy().put("noise", 1));
        agent.report(status(true, 500_000, GRACE));
        agent.report(status(true, 500_000, ADA, GRACE));

        assertThat(names(tenant.inventoryEvents(11)))
                .containsExactly(
                        "ServerDiscovered",
                        "AgentRegistered",
                        "MailboxChanged",
                        "MailboxChanged",
                        "BackupSetChanged",
                        "MailboxLeft",
                        "BackupSetChanged",
                        "BackupSetDisappeared",
                        "BackupSetReturned",
                        "MailboxChanged",
                        "BackupSetChanged");
    }

    @Test
    void tellsTheQuotaApartFromWhatASetIsSetTo() {
        agent.report(status(true, 500_000, ADA));
        agent.report(status(true, 600_000, ADA));
        agent.report(status(false, 600_000, ADA));
        ObjectNode job = status(false, 600_000, ADA);
        ((ObjectNode) job.at("/backupSets/0"))
                .putObject("lastJob")
                .put("at", "2026-11-20T01:02:03Z")
                .put("outcome", "SUCCEEDED");
        agent.report(job);
        agent.report(job.deepCopy().put("noise", 1));

        List<Event> events = tenant.inventoryEvents(7);
        assertThat(names(events).subList(4, events.size()))
                .containsExactly("QuotaChanged", "BackupSetChanged", "BackupJobSucceeded");
        assertThat(((QuotaChanged) events.get(4)).usedBytes()).isEqualTo(600_000);
        assertThat(((BackupSetChanged) events.get(5)).scheduleEnabled()).isFalse();
    }

    @Test
    void keepsEachEventWithWhoSaidItAndWhatWasBefore() {
        agent.report(status(true, 500_000, ADA, GRACE));
        agent.report(status(false, 500_000, GRACE));
        List<Event> events = tenant.inventoryEvents(7);
        ServerId server = ServerId.of(events.getFirst().key());
        ObjectNode connection = Rest.MAPPER
                .createObjectNode()
                .put("name", "EX-HISTORY")
                .put("ewsUrl", "https://history.example.test/EWS/Exchange.asmx")
                .put("credentialRef", "mounted");
        assertThat(rest.post(RealParts.ADMIN, tenant.path("/servers"), connection)
                        .status())
                .isEqualTo(200);

        List<JsonNode> changes = pages("/api/v1/servers/" + server + "/history?limit=3");
        Collections.reverse(changes);

        List<String> told = new ArrayList<>(names(events));
        told.add("ServerConnected");
        assertThat(changes.stream().map(change -> change.path("what").asText())).containsExactlyElementsOf(told);
        JsonNode set = changes.get(6);
        assertThat(set.at("/before/scheduleEnabled").asBoolean()).isTrue();
        assertThat(set.at("/after/scheduleEnabled").asBoolean()).isFalse();
        assertThat(set.at("/before/mailboxes").asInt()).isEqualTo(2);
        assertThat(set.at("/after/mailboxes").asInt()).isEqualTo(1);
        assertThat(set.at("/said/by").asText()).isEqualTo("AGENT");
        assertThat(set.at("/said/agentId").asText()).isEqualTo(agent.id.toString());
        assertThat(set.at("/said/bootId").asText()).isEqualTo(agent.bootId.toString());
        assertThat(set.path("backupSetId").asText())
                .isEqualTo(((BackupSetChanged) events.get(6)).backupSet().toString());
        assertThat(changes.get(2).has("before")).as("a mailbox that is new").isFalse();
        assertThat(changes.getLast().at("/said/operator").asText()).isEqualTo("admin");
        assertThat(changes.toString()).doesNotContain("example.org");
    }

    @Test
    void namesWhatIsWrongWithAPage() {
        agent.report(status(true, 1, ADA));
        String path = "/api/v1/servers/" + tenant.inventoryEvents(4).getFirst().key() + "/history";
        for (String query : List.of("limit=0", "limit=x", "limit=10001", "after=x", "after=-1")) {
            Answer answer = rest.get(RealParts.VIEWER, path + "?" + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.text("field")).isEqualTo(query.substring(0, query.indexOf('=')));
        }
    }

    /** All pages in turn, each found by the one before. */
    private List<JsonNode> pages(String first) {
        List<JsonNode> all = new ArrayList<>();
        String next = first;
        while (next != null) {
            Answer page = rest.get(RealParts.VIEWER, next);
            assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
            assertThat(page.body().size()).isBetween(1, 3);
            page.body().forEach(all::add);
            Matcher link = NEXT.matcher(page.headers().firstValue("Link").orElse(""));
            next = link.matches() ? link.group(1) : null;
        }
        return all;
    }

    private static ObjectNode status(boolean schedule, long usedBytes, UUID... mailboxes) {
        ObjectNode status = TestedAgent.status("EX-HISTORY", "15.0.1473.3");
        ObjectNode set = TestedAgent.addSet(status, "set-1")
                .put("scheduleEnabled", schedule)
                .put("usedBytes", usedBytes);
        for (UUID mailbox : mailboxes) {
            TestedAgent.addMailbox(set, mailbox, "m" + mailbox.getLeastSignificantBits() + "@example.org", 10);
        }
        return status;
    }

    private static List<String> names(List<Event> events) {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }
}
