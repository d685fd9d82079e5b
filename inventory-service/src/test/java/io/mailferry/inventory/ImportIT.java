package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mailboxes from Get-Mailbox and Get-MailboxStatistics. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class ImportIT {
    private final UUID ada = UUID.randomUUID();
    private final UUID grace = UUID.randomUUID();
    private final UUID archive = UUID.randomUUID();

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private String server;

    @BeforeEach
    void connectedServer() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        server = rest.post(
                        RealParts.ADMIN,
                        tenant.path("/servers"),
                        Rest.MAPPER
                                .createObjectNode()
                                .put("name", "ex-import")
                                .put("ewsUrl", "https://import.example.test/EWS/Exchange.asmx")
                                .put("credentialRef", "mounted"))
                .text("serverId");
    }

    @Test
    void takesMailboxesThenTheirFiguresAndTheirArchives() {
        assertThat(take(mailboxes()).body().toString())
                .isEqualTo("{\"rows\":2,\"added\":2,\"changed\":0,\"unchanged\":0}");
        assertThat(take(mailboxes()).body().path("unchanged").asInt()).isEqualTo(2);
        String statistics = "\uFEFF#TYPE Microsoft.Exchange.Data.Mapi.MailboxStatistics\r\n"
                + "\"DisplayName\",\"MailboxGuid\",\"ItemCount\",\"TotalItemSize\",\"DeletedItemCount\",\"TotalDeletedItemSize\",\"IsArchiveMailbox\"\r\n"
                + "\"Ada\",\"" + ada
                + "\",\"12\",\"1.5 GB (1,610,612,736 bytes)\",\"3\",\"3 KB (3,072 bytes)\",\"False\"\r\n"
                + "\"Ada\",\"" + archive + "\",\"400\",\"9 KB (9,216 bytes)\",\"\",\"\",\"True\"\r\n";
        Answer measured =
                rest.post(RealParts.ADMIN, path(), "text/csv", statistics.getBytes(StandardCharsets.UTF_16LE));
        assertThat(measured.body().toString()).isEqualTo("{\"rows\":2,\"added\":0,\"changed\":1,\"unchanged\":1}");

        JsonNode shown = rest.get(RealParts.ADMIN, tenant.path("/mailboxes?q=ada"))
                .body()
                .get(0);
        assertThat(shown.path("items").asInt()).isEqualTo(12);
        assertThat(shown.at("/archive/items").asInt()).isEqualTo(400);
        assertThat(shown.at("/recoverableItems/bytes").asInt()).isEqualTo(3_072);
        JsonNode uncovered =
                rest.get(RealParts.VIEWER, tenant.path("/statistics")).body().path("notCovered");
        assertThat(uncovered.path("archives").toString()).isEqualTo("{\"mailboxes\":1,\"items\":400,\"bytes\":9216}");
        assertThat(uncovered.path("recoverableItems").toString())
                .isEqualTo("{\"mailboxes\":1,\"items\":3,\"bytes\":3072}");
        assertThat(uncovered.at("/inNoSet/mailboxes").asInt()).isEqualTo(2);
        List<Event> events = tenant.inventoryEvents(5);
        assertThat(events).hasSize(5);
        assertThat(((MailboxChanged) events.getLast()).bytes()).isEqualTo(1_610_612_736L);
        assertThat(Database.everything()).doesNotContain("ada@import.example");
    }

    @Test
    void bindsWhatAnOperatorNamedAndIsWhatAnAgentReportsLater() {
        Answer byHand = rest.post(
                RealParts.ADMIN,
                "/api/v1/servers/" + server + "/mailboxes",
                Rest.MAPPER.createObjectNode().put("address", "Ada@import.example"));
        take(mailboxes());
        ObjectNode status = TestedAgent.status("EX-IMPORT", "15.0.1473.3");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set"), ada, "ada@import.example", 30);
        tenant.enrol().report(status);

        JsonNode all = rest.get(RealParts.ADMIN, tenant.path("/mailboxes")).body();
        assertThat(all).hasSize(2);
        assertThat(all.get(0).path("mailboxId").asText()).isEqualTo(byHand.text("mailboxId"));
        assertThat(all.get(0).path("items").asInt()).isEqualTo(30);
        assertThat(all.get(0).path("backupSets")).hasSize(1);
    }

    @Test
    void importsAllOrNothing() {
        Answer unknown = take("MailboxGuid,ItemCount\n" + ada + ",1\n");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text("field")).isEqualTo("rows[1].MailboxGuid");
        Answer wrong = take(mailboxes() + ",no-guid,\n");
        assertThat(wrong.text("field")).isEqualTo("rows[3].ExchangeGuid");
        assertThat(wrong.text("detail")).startsWith("Nothing was imported.");
        assertThat(rest.get(RealParts.ADMIN, tenant.path("/mailboxes")).body()).isEmpty();
        assertThat(rest.post(RealParts.ADMIN, path(), "text/plain", new byte[0]).status())
                .isEqualTo(415);

        take(mailboxes());
        ObjectNode other = TestedAgent.status("EX-OTHER", "15.0.1473.3");
        UUID elsewhere = UUID.randomUUID();
        TestedAgent.addMailbox(TestedAgent.addSet(other, "set"), elsewhere, "lin@import.example", 3);
        tenant.enrol().report(other);
        Answer foreign = take("PrimarySmtpAddress,ExchangeGuid\nlin@import.example," + elsewhere + "\n");
        assertThat(foreign.text("detail")).contains("another server");
    }

    @Test
    void takesALongListInOneGo() {
        String many = "PrimarySmtpAddress,ExchangeGuid\n"
                + IntStream.range(0, 2_000)
                        .mapToObj(row -> "m" + row + "@import.example," + new UUID(server.hashCode(), row) + "\n")
                        .collect(Collectors.joining());
        Answer taken = take(many);
        assertThat(taken.body().path("added").asInt())
                .as(taken.body().toString())
                .isEqualTo(2_000);
        assertThat(rest.get(RealParts.ADMIN, tenant.path("/mailboxes?limit=2000"))
                        .body())
                .hasSize(2_000);
    }

    private Answer take(String csv) {
        return rest.post(RealParts.ADMIN, path(), "text/csv; charset=utf-8", csv.getBytes(StandardCharsets.UTF_8));
    }

    private String path() {
        return "/api/v1/servers/" + server + "/mailboxes/import";
    }

    private String mailboxes() {
        return "PrimarySmtpAddress,ExchangeGuid,ArchiveGuid\nada@import.example," + ada + "," + archive
                + "\ngrace@import.example," + grace + ",00000000-0000-0000-0000-000000000000\n";
    }
}
