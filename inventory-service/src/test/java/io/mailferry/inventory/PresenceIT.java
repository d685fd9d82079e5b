package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.inventory.InventoryEvent.AgentReturned;
import io.mailferry.contracts.inventory.InventoryEvent.AgentSilent;
import io.mailferry.contracts.inventory.InventoryEvent.FleetReturned;
import io.mailferry.contracts.inventory.InventoryEvent.FleetSilence;
import io.mailferry.contracts.inventory.InventoryEvent.FleetSilent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Late, silent and returned by the service's clock; the time that passes is written into the rows. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class PresenceIT {
    private static final String LATE = "2 minutes";
    private static final String SILENT = "6 minutes";

    @TestHTTPResource("/")
    URI base;

    private TestedTenant tenant;

    @BeforeEach
    void ownTenant() {
        tenant = TestedTenant.create(new Rest(base));
    }

    @Test
    void tellsASilenceOnceAndAReturnOnlyAfterTwoHeartbeats() {
        TestedAgent agent = agents(1).getFirst();
        seenBefore(LATE, agent);
        awaitState(agent, "LATE");
        seenBefore(SILENT, agent);
        awaitState(agent, "SILENT");
        assertThat(tenant.inventoryEvents(3).getLast()).isInstanceOf(AgentSilent.class);

        beat(agent);
        awaitState(agent, "RETURNING");
        // It comes and goes, which is nothing new.
        seenBefore(SILENT, agent);
        awaitState(agent, "SILENT");
        beat(agent);
        awaitState(agent, "RETURNING");
        beat(agent);
        awaitState(agent, "PRESENT");

        List<Event> told = tenant.inventoryEvents(4);
        assertThat(told.subList(2, told.size()))
                .extracting(Object::getClass)
                .containsExactly(AgentSilent.class, AgentReturned.class);
        assertThat(((AgentSilent) told.get(2)).agent()).isEqualTo(agent.id);
    }

    @Test
    void saysOnceThatAFleetIsSilentAndThenWhoIsMissingStill() {
        List<TestedAgent> agents = agents(12);
        agents.forEach(agent -> seenBefore(LATE, agent));
        agents.forEach(agent -> awaitState(agent, "LATE"));
        seenBefore(SILENT, agents.get(3));
        Eventually.isTrue("the fleet is silent", () -> count(FleetSilent.class) == 1);
        agents.forEach(agent -> seenBefore(SILENT, agent));
        agents.forEach(agent -> awaitState(agent, "SILENT"));
        assertThat(count(AgentSilent.class)).isZero();

        agents.subList(1, 12).forEach(PresenceIT::beat);
        Eventually.isTrue("the one that is missing is told", () -> count(AgentSilent.class) == 1);
        agents.subList(1, 12).forEach(PresenceIT::beat);
        agents.subList(1, 12).forEach(agent -> awaitState(agent, "PRESENT"));

        List<Event> told = Topics.events(Topic.INVENTORY_EVENT, tenant.id()).stream()
                .filter(event -> event instanceof FleetSilent
                        || event instanceof FleetReturned
                        || event instanceof AgentSilent
                        || event instanceof AgentReturned)
                .toList();
        assertThat(told)
                .contains(
                        new FleetSilent(tenant.id(), FleetSilence.AGENTS_MISSING, 12, 12),
                        new FleetReturned(tenant.id(), 12, 1))
                .hasSize(3);
        assertThat(told.stream().filter(AgentSilent.class::isInstance).map(AgentSilent.class::cast))
                .extracting(AgentSilent::agent)
                .containsExactly(agents.getFirst().id);
    }

    @Test
    void blamesItselfWhenItWasAway() {
        List<TestedAgent> agents = agents(2);
        seenBefore(LATE, agents.getFirst());
        awaitState(agents.getFirst(), "LATE");
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.fleet_presence SET swept_at = now() - interval '10 minutes' WHERE tenant = '"
                                + tenant.id() + "'"));
        Eventually.isTrue("the fleet is silent", () -> count(FleetSilent.class) == 1);
        beat(agents.getFirst());
        Eventually.isTrue("the fleet is back", () -> count(FleetReturned.class) == 1);

        assertThat(Topics.events(Topic.INVENTORY_EVENT, tenant.id()))
                .contains(
                        new FleetSilent(tenant.id(), FleetSilence.GATEWAY_AWAY, 2, 1),
                        new FleetReturned(tenant.id(), 2, 0));
        assertThat(count(AgentSilent.class)).isZero();
    }

    /** Agents, each of a server of its own. */
    private List<TestedAgent> agents(int number) {
        List<TestedAgent> agents = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            TestedAgent agent = tenant.enrol();
            agent.report(TestedAgent.status("EX-" + i, "15.0.1497.2"));
            agents.add(agent);
        }
        agents.forEach(agent -> awaitState(agent, "PRESENT"));
        return agents;
    }

    private static void beat(TestedAgent agent) {
        assertThat(agent.send(agent.next("h")).status()).isEqualTo(200);
    }

    private static void seenBefore(String interval, TestedAgent agent) {
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent SET seen_at = now() - interval '" + interval + "' WHERE agent = '"
                                + agent.id + "'"));
    }

    private void awaitState(TestedAgent agent, String state) {
        Eventually.isTrue(
                agent.id + " is " + state,
                () -> states().get(agent.id.toString()).equals(state) && swept(agent, state));
    }

    /** Present is what a list says of an agent also before the first sweep. */
    private static boolean swept(TestedAgent agent, String state) {
        return Database.as(
                        RealParts.postgres().superuser(),
                        connection -> Database.list(
                                connection, "SELECT presence FROM inventory.agent WHERE agent = '" + agent.id + "'"))
                .contains(state);
    }

    private Map<String, String> states() {
        List<JsonNode> listed = new ArrayList<>();
        new Rest(base).get(RealParts.VIEWER, tenant.path("/agents")).body().forEach(listed::add);
        return listed.stream()
                .collect(Collectors.toMap(
                        node -> node.path("agentId").asText(),
                        node -> node.path("state").asText()));
    }

    private long count(Class<? extends Event> type) {
        return Topics.events(Topic.INVENTORY_EVENT, tenant.id()).stream()
                .filter(type::isInstance)
                .count();
    }
}
