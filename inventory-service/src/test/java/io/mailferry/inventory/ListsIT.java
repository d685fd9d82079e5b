package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists page by page, narrowed and searched, and what the statistics make of them. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class ListsIT {
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent first;

    @BeforeEach
    void twoServersWithThreeSets() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        first = tenant.enrol();
        ObjectNode one = TestedAgent.status("EX-ALPHA", "15.0.1473.3");
        ObjectNode mapi = TestedAgent.addSet(one, "mapi").put("name", "Mail of the board");
        mapi.putObject("publicFolders").put("items", 40).put("bytes", 2_000);
        TestedAgent.addMailbox(mapi, UUID.randomUUID(), "ada@lists.example", 10);
        UUID inBoth = UUID.randomUUID();
        TestedAgent.addMailbox(mapi, inBoth, "grace@lists.example", 20);
        ObjectNode ews =
                TestedAgent.addSet(one, "ews").put("name", "Board by EWS").put("mode", "EWS");
        TestedAgent.addMailbox(ews, inBoth, "grace@lists.example", 25);
        first.report(one);
        ObjectNode two = TestedAgent.status("ex-beta", "15.0.1395.7");
        TestedAgent.addMailbox(TestedAgent.addSet(two, "mapi"), UUID.randomUUID(), "lin@lists.example", 5);
        tenant.enrol().report(two);
    }

    @Test
    void givesEveryListPageByPage() {
        for (String path : List.of("/servers", "/agents", "/backup-sets", "/mailboxes")) {
            Answer whole = rest.get(RealParts.ADMIN, tenant.path(path));
            assertThat(whole.body().size()).as(path).isBetween(2, 3);
            assertThat(whole.headers().firstValue("Link")).isEmpty();

            assertThat(pages(tenant.path(path + "?limit=1"))).as(path).containsExactlyElementsOf(whole.body());
            assertThat(rest.get(RealParts.ADMIN, tenant.path(path + "?after=" + UUID.randomUUID()))
                            .text("field"))
                    .as("an end that nobody has seen")
                    .isEqualTo("after");
        }
    }

    @Test
    void pagesThroughTheCallersTenants() {
        TestedTenant.create(rest);
        List<JsonNode> all = new ArrayList<>();
        rest.get(RealParts.ADMIN, "/api/v1/tenants").body().forEach(all::add);

        assertThat(pages("/api/v1/tenants?limit=" + (all.size() - 1))).containsExactlyElementsOf(all);
        assertThat(rest.get(RealParts.OUTSIDER, "/api/v1/tenants?limit=1").body())
                .isEmpty();
        assertThat(rest.get(RealParts.OUTSIDER, "/api/v1/tenants?after=" + tenant.id())
                        .status())
                .isEqualTo(400);
        String name = rest.get(RealParts.ADMIN, tenant.path("")).text("name");
        assertThat(rest.get(RealParts.ADMIN, "/api/v1/tenants?q=" + name.substring(7, 30))
                        .body()
                        .findValuesAsText("tenant"))
                .containsExactly(tenant.id().toString());
    }

    @Test
    void narrowsAndSearches() {
        assertThat(names("/servers?q=BETA")).containsExactly("ex-beta");
        assertThat(names("/servers?connected=true")).isEmpty();
        assertThat(names("/servers?connected=false&buildsDiffer=false")).containsExactly("EX-ALPHA", "ex-beta");
        assertThat(names("/agents?q=AGENT&state=PRESENT")).hasSize(2);
        assertThat(names("/agents?state=SILENT")).isEmpty();
        assertThat(names("/backup-sets?mode=EWS")).containsExactly("Board by EWS");
        assertThat(names("/backup-sets?q=board&present=true")).containsExactly("Board by EWS", "Mail of the board");
        assertThat(names("/backup-sets?agent=" + first.id + "&mode=MAPI")).containsExactly("Mail of the board");
        String alpha = rest.get(RealParts.ADMIN, tenant.path("/servers?q=alpha"))
                .body()
                .at("/0/serverId")
                .asText();
        assertThat(rest.get(RealParts.VIEWER, tenant.path("/agents?server=" + alpha))
                        .body()
                        .findValuesAsText("agentId"))
                .containsExactly(first.id.toString());
        assertThat(addresses("/mailboxes?server=" + alpha)).containsExactly("ada@lists.example", "grace@lists.example");
        assertThat(addresses("/mailboxes?q=GRACE")).containsExactly("grace@lists.example");
        assertThat(addresses("/mailboxes?q=@lists&limit=2")).hasSize(2);
        assertThat(addresses("/mailboxes?inNoSet=true")).isEmpty();
        String ews = rest.get(RealParts.ADMIN, tenant.path("/backup-sets?mode=EWS"))
                .body()
                .at("/0/backupSetId")
                .asText();
        assertThat(addresses("/mailboxes?backupSet=" + ews)).containsExactly("grace@lists.example");
        for (String wrong : List.of("/servers?connected=maybe", "/backup-sets?mode=IMAP", "/mailboxes?server=x")) {
            Answer answer = rest.get(RealParts.ADMIN, tenant.path(wrong));
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(wrong).contains(answer.text("field") + "=");
        }
    }

    @Test
    void showsOneOfEach() {
        JsonNode set =
                rest.get(RealParts.VIEWER, tenant.path("/backup-sets")).body().get(0);
        assertThat(rest.get(
                                RealParts.VIEWER,
                                "/api/v1/backup-sets/" + set.path("backupSetId").asText())
                        .body())
                .isEqualTo(set);
        JsonNode mailbox =
                rest.get(RealParts.ADMIN, tenant.path("/mailboxes")).body().get(0);
        String path = "/api/v1/mailboxes/" + mailbox.path("mailboxId").asText();
        assertThat(rest.get(RealParts.ADMIN, path).body()).isEqualTo(mailbox);
        assertThat(rest.get(RealParts.VIEWER, path).status())
                .as("addresses are not for viewers")
                .isEqualTo(403);
        assertThat(rest.get(RealParts.ADMIN, "/api/v1/mailboxes/" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void countsWhatWillHaveToMoveOnceEachAndWhatIsNotCovered() {
        String alpha = rest.get(RealParts.ADMIN, tenant.path("/servers?q=alpha"))
                .body()
                .at("/0/serverId")
                .asText();
        rest.post(
                RealParts.ADMIN,
                "/api/v1/servers/" + alpha + "/mailboxes",
                Rest.MAPPER.createObjectNode().put("address", "nobody-backs-me-up@lists.example"));

        JsonNode statistics =
                rest.get(RealParts.VIEWER, tenant.path("/statistics")).body();

        assertThat(statistics.at("/toMove").toString()).isEqualTo("{\"mailboxes\":3,\"items\":40,\"bytes\":40000}");
        assertThat(statistics.at("/notCovered/inNoSet/mailboxes").asInt()).isEqualTo(1);
        assertThat(statistics.at("/notCovered/publicFolders").toString())
                .isEqualTo("{\"mailboxes\":1,\"items\":40,\"bytes\":2000}");
        assertThat(statistics.at("/servers/0/toMove/mailboxes").asInt()).isEqualTo(2);
        assertThat(statistics.at("/servers/0/backupSets/1/mailboxes").toString())
                .isEqualTo("{\"mailboxes\":2,\"items\":30,\"bytes\":30000}");
        assertThat(statistics.at("/servers/1/named/update").asText()).isEqualTo("CU21 + SU, nearest CU21");
        assertThat(statistics.at("/servers/1/notCovered/inNoSet/mailboxes").asInt())
                .isZero();
    }

    private List<String> names(String path) {
        return rest.get(RealParts.VIEWER, tenant.path(path)).body().findValuesAsText("name");
    }

    private List<String> addresses(String path) {
        return rest.get(RealParts.ADMIN, tenant.path(path)).body().findValuesAsText("address");
    }

    /** All pages in turn, each found by the one before. */
    private List<JsonNode> pages(String start) {
        List<JsonNode> all = new ArrayList<>();
        String next = start;
        while (next != null) {
            Answer page = rest.get(RealParts.ADMIN, next);
            assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
            page.body().forEach(all::add);
            assertThat(all.size()).as("pages come to an end").isLessThan(1_000);
            Matcher link = NEXT.matcher(page.headers().firstValue("Link").orElse(""));
            next = link.matches() ? link.group(1) : null;
        }
        return all;
    }
}
