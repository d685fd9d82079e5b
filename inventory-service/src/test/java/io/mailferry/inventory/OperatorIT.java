package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.export.ExportEvent;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.ServerConnected;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealParts.class)
class OperatorIT {
    private static final String URL = "https://mail.example.test/EWS/Exchange.asmx";

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
    void connectsAServerAndWritesItsAccountForTheExporterOnly() throws Exception {
        Answer connected = connect(account(URL));
        assertThat(connected.status()).as(connected.body().toString()).isEqualTo(201);
        assertThat(connected.text("name")).isEqualTo("mail.example.test");
        Answer again = connect(account(URL));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("serverId")).isEqualTo(connected.text("serverId"));

        ServerConnected event = (ServerConnected) tenant.inventoryEvents(2).get(1);
        assertThat(tenant.inventoryEvents(2)).hasSize(2);
        assertThat(event.endpoint().url()).isEqualTo(URL);
        assertThat(event.endpoint().trust()).isEqualTo(new Trust.SystemAuthorities());
        Path file = RealParts.credentials()
                .resolve(tenant.id().toString())
                .resolve(event.endpoint().credentialRef() + ".json");
        assertThat(Rest.MAPPER.readTree(file.toFile()).get("password").asText()).isEqualTo("the password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Database.everything()).doesNotContain("the password").doesNotContain("svc-backup");
        assertThat(connected.body().toString()).doesNotContain("the password").doesNotContain("svc-backup");
    }

    @Test
    void connectsTheServerThatAnAgentReportedByThatName() {
        tenant.enrol().report(TestedAgent.status("EX-REPORTED", "15.0.1497.2"));
        String reported = tenant.inventoryEvents(2).getFirst().key();

        Answer connected = connect(account(URL).put("name", "ex-reported"));

        assertThat(connected.status()).isEqualTo(200);
        assertThat(connected.text("serverId")).isEqualTo(reported);
        assertThat(connected.text("build")).isEqualTo("15.0.1497.2");
    }

    @Test
    void changesTheEndpointOfAConnectedServer() {
        connect(account(URL));
        ObjectNode pinned = account(URL).put("impersonate", true);
        pinned.putObject("trust").put("sha256", "AB:".repeat(31) + "AB");
        assertThat(connect(pinned).status()).isEqualTo(200);

        ServerConnected event = (ServerConnected) tenant.inventoryEvents(3).get(2);
        assertThat(event.endpoint().trust()).isEqualTo(new Trust.Pinned("ab".repeat(32)));
        assertThat(event.endpoint().impersonate()).isTrue();
    }

    @Test
    void namesWhatIsWrongWithAConnection() {
        assertField(connect(account("http://mail.example.test/EWS/Exchange.asmx")), "ewsUrl");
        assertThat(connect(account("http://mail.example.test/EWS/Exchange.asmx").put("insecureHttp", true))
                        .status())
                .isEqualTo(201);
        assertField(connect(account("ftp://mail.example.test/")), "ewsUrl");
        assertField(connect(account("https://user:word@mail.example.test/")), "ewsUrl");
        assertField(connect(account("https://")), "ewsUrl");
        assertField(connect(account(URL).put("user", 7)), "user");
        assertField(connect(account(URL).put("credentialRef", "x")), "credentialRef");
        ObjectNode mounted = Rest.MAPPER.createObjectNode().put("ewsUrl", URL).put("credentialRef", "../x");
        assertField(connect(mounted), "credentialRef");
        ObjectNode notPem = account(URL);
        notPem.putObject("trust").put("pem", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n");
        assertField(connect(notPem), "trust.pem");
    }

    @Test
    void keepsTheBuildThatEwsAnsweredBesideTheAgentsWord() {
        tenant.enrol().report(TestedAgent.status("EX-WORD", "15.0.1395.4"));
        ServerId server = ServerId.of(tenant.inventoryEvents(2).getFirst().key());
        Topics.send(new ExportEvent.ServerBuildObserved(tenant.id(), server, new ExchangeBuild(15, 0, 1497, 2)));

        Eventually.isTrue(
                "the observed build is kept",
                () -> rest.get(RealParts.VIEWER, "/api/v1/servers/" + server)
                        .text("buildObserved")
                        .equals("15.0.1497.2"));
        assertThat(rest.get(RealParts.VIEWER, "/api/v1/servers/" + server).text("build"))
                .isEqualTo("15.0.1395.4");
    }

    @Test
    void listsAgentsAndSetsForViewersButNoAddresses() {
        TestedAgent agent = tenant.enrol();
        ObjectNode status = TestedAgent.status("EX-LIST", "15.0.1395.4");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "s"), UUID.randomUUID(), "ada@example.test", 1);
        agent.report(status);

        Answer agents = rest.get(RealParts.VIEWER, tenant.path("/agents"));
        assertThat(agents.body().at("/0/agentId").asText()).isEqualTo(agent.id.toString());
        assertThat(agents.body().at("/0/state").asText()).isEqualTo("PRESENT");
        Answer sets = rest.get(RealParts.VIEWER, tenant.path("/backup-sets"));
        assertThat(sets.body().at("/0/mailboxes").asInt()).isEqualTo(1);
        assertThat(sets.body().at("/0/agentId").asText()).isEqualTo(agent.id.toString());
        assertThat(rest.get(RealParts.VIEWER, tenant.path("/mailboxes")).status())
                .isEqualTo(403);
        assertThat(rest.get(RealParts.ADMIN, tenant.path("/mailboxes"))
                        .body()
                        .at("/0/address")
                        .asText())
                .isEqualTo("ada@example.test");
    }

    @Test
    void showsAnotherTenantsThingsAsOnesThatDoNotExist() {
        tenant.enrol().report(TestedAgent.status("EX-404", "15.0.1395.4"));
        String server = tenant.inventoryEvents(2).getFirst().key();
        for (String path : List.of(
                tenant.path(""),
                tenant.path("/servers"),
                tenant.path("/agents"),
                tenant.path("/backup-sets"),
                tenant.path("/mailboxes"),
                "/api/v1/servers/" + server,
                "/api/v1/tenants/" + UUID.randomUUID() + "/servers")) {
            assertThat(rest.get(RealParts.OUTSIDER, path).status()).as(path).isEqualTo(404);
            assertThat(rest.get("nobody", path).status()).as(path).isEqualTo(401);
        }
        ObjectNode address = Rest.MAPPER.createObjectNode().put("address", "ada@example.test");
        assertThat(rest.post(RealParts.OUTSIDER, "/api/v1/servers/" + server + "/mailboxes", address)
                        .status())
                .isEqualTo(404);
        assertThat(rest.post(RealParts.OUTSIDER, tenant.path("/servers"), account(URL))
                        .status())
                .isEqualTo(404);
        assertThat(rest.post(RealParts.OUTSIDER, tenant.path("/enrolment-tokens"), Rest.MAPPER.createObjectNode())
                        .status())
                .isEqualTo(404);
        assertThat(rest.get(RealParts.OUTSIDER, "/api/v1/tenants").body()).isEmpty();
        // Also for one who may see every tenant, there is none of a made-up id.
        assertThat(rest.get(RealParts.ADMIN, "/api/v1/tenants/" + UUID.randomUUID() + "/servers")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void refusesWhatARoleDoesNotPermit() {
        ObjectNode name = Rest.MAPPER.createObjectNode().put("name", "Not for viewers");
        assertThat(rest.post(RealParts.VIEWER, "/api/v1/tenants", name).status())
                .isEqualTo(403);
        assertThat(rest.post(RealParts.OUTSIDER, "/api/v1/tenants", name).status())
                .isEqualTo(403);
        assertThat(rest.post(RealParts.VIEWER, tenant.path("/servers"), account(URL))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void givesTheTenantOfANameThatIsTaken() {
        ObjectNode name = Rest.MAPPER.createObjectNode().put("name", "Contoso " + UUID.randomUUID());
        Answer first = rest.post(RealParts.ADMIN, "/api/v1/tenants", name);
        Answer second = rest.post(RealParts.ADMIN, "/api/v1/tenants", name);
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text("tenant")).isEqualTo(first.text("tenant"));
        assertField(rest.post(RealParts.ADMIN, "/api/v1/tenants", Rest.MAPPER.createObjectNode()), "name");
    }

    private Answer connect(ObjectNode body) {
        return rest.post(RealParts.ADMIN, tenant.path("/servers"), body);
    }

    private static ObjectNode account(String url) {
        return Rest.MAPPER
                .createObjectNode()
                .put("ewsUrl", url)
                .put("user", "svc-backup")
                .put("password", "the password");
    }

    private static void assertField(Answer answer, String field) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.text("field")).isEqualTo(field);
    }
}
