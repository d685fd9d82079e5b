package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.export.ExportEvent;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.ExchangeUpdated;
import io.mailferry.contracts.inventory.InventoryEvent.ServerBuildAgrees;
import io.mailferry.contracts.inventory.InventoryEvent.ServerBuildDiffers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The build that agents report and the one that EWS itself answers with. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class BuildIT {
    private static final ExchangeBuild CU21 = new ExchangeBuild(15, 0, 1395, 4);
    private static final ExchangeBuild CU22 = new ExchangeBuild(15, 0, 1473, 3);
    private static final ExchangeBuild CU23 = new ExchangeBuild(15, 0, 1497, 2);

    @TestHTTPResource("/")
    URI base;

    private Rest rest;
    private TestedTenant tenant;
    private TestedAgent agent;
    private ServerId server;

    @BeforeEach
    void serverWithBuild22() {
        rest = new Rest(base);
        tenant = TestedTenant.create(rest);
        agent = tenant.enrol();
        agent.report(TestedAgent.status("EX-BUILD", "Version 15.0 (Build 1473.3)"));
        server = ServerId.of(tenant.inventoryEvents(2).getFirst().key());
    }

    @Test
    void tellsAHigherObservedBuildAsAnUpdateAndTheDifferenceOnce() {
        observe(CU23);
        observe(CU23);
        agent.report(TestedAgent.status("EX-BUILD", "15.0.1473.3").put("noise", 1));
        List<Event> differing = tenant.inventoryEvents(4).subList(2, 4);

        assertThat(differing)
                .containsExactly(
                        new ServerBuildDiffers(tenant.id(), server, Optional.of(CU22), CU23),
                        new ExchangeUpdated(tenant.id(), server, Optional.of(CU22), Optional.of(CU23)));
        Answer shown = rest.get(RealParts.VIEWER, "/api/v1/servers/" + server);
        assertThat(shown.body().path("buildsDiffer").asBoolean()).isTrue();
        assertThat(shown.body().at("/named/update").asText()).isEqualTo("CU22");
        assertThat(shown.body().at("/observedNamed/update").asText()).isEqualTo("CU23");
        assertThat(shown.body().at("/observedNamed/product").asText()).isEqualTo("Exchange Server 2013");

        agent.report(TestedAgent.status("EX-BUILD", "15.0.1497.2"));
        observe(CU23);
        List<Event> all = tenant.inventoryEvents(5);
        assertThat(all).hasSize(5);
        assertThat(all.getLast()).isEqualTo(new ServerBuildAgrees(tenant.id(), server, CU23));
    }

    @Test
    void takesALowerObservedBuildForNoDowngrade() {
        observe(CU21);
        assertThat(tenant.inventoryEvents(3).getLast())
                .isEqualTo(new ServerBuildDiffers(tenant.id(), server, Optional.of(CU22), CU21));

        observe(CU22);
        List<Event> all = tenant.inventoryEvents(4);
        assertThat(all).hasSize(4);
        assertThat(all.getLast()).isEqualTo(new ServerBuildAgrees(tenant.id(), server, CU22));
    }

    @Test
    void knowsTheBuildOfAServerThatNoAgentReported() {
        Answer connected = rest.post(
                RealParts.ADMIN,
                tenant.path("/servers"),
                Rest.MAPPER
                        .createObjectNode()
                        .put("name", "ex-by-hand")
                        .put("ewsUrl", "https://by-hand.example.test/EWS/Exchange.asmx")
                        .put("credentialRef", "mounted"));
        server = ServerId.of(connected.text("serverId"));
        observe(CU23);

        assertThat(tenant.inventoryEvents(6).subList(4, 6))
                .containsExactly(
                        new ServerBuildDiffers(tenant.id(), server, Optional.empty(), CU23),
                        new ExchangeUpdated(tenant.id(), server, Optional.empty(), Optional.of(CU23)));
    }

    @Test
    void answersForTheCatalogue() {
        Answer unknown = rest.get(RealParts.VIEWER, "/api/v1/exchange-builds?build=Version%2015.0%20(Build%201395.7)");
        assertThat(unknown.status()).as(unknown.body().toString()).isEqualTo(200);
        assertThat(unknown.body().at("/0/update").asText()).isEqualTo("CU21 + SU, nearest CU21");
        assertThat(rest.get(RealParts.VIEWER, "/api/v1/exchange-builds").body()).hasSize(292);
        Answer wrong = rest.get(RealParts.VIEWER, "/api/v1/exchange-builds?build=15.0");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("field")).isEqualTo("build");
    }

    /** What follows an observation in its partition shows that it was taken. */
    private void observe(ExchangeBuild build) {
        Topics.send(new ExportEvent.ServerBuildObserved(tenant.id(), server, build));
        Eventually.isTrue(
                "the observed build is kept",
                () -> rest.get(RealParts.VIEWER, "/api/v1/servers/" + server)
                        .text("buildObserved")
                        .equals(build.toString()));
    }
}
