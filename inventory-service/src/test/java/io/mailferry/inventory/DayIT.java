package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.contracts.Event;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A day of a fleet, played against the gateway. Goal: restarts, clones, clocks that are wrong by up to a day, heartbeats
 * that are repeated, overtaken and lost, and hours of silence leave the inventory as the fleet is, each change told once
 * and in order. Method: agents live by a fixed seed, many at once and each over several connections; an hour of theirs is
 * a round here, and the time that a silence takes is written into the rows, as in {@link PresenceIT}. The truth is
 * reckoned beside the service, from what was taken.
 */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class DayIT {
    private static final long SEED = 20_261_120;
    private static final int HOURS = 24;
    private static final int OF_ONE_TOKEN = 100;
    private static final int AT_ONCE = 8;

    @TestHTTPResource("/")
    URI base;

    private final Map<String, AtomicInteger> counts = DayAgent.counts();
    private final Random random = new Random(SEED);
    private final List<Rest> connections = new ArrayList<>();
    private final Map<TestedTenant, List<DayAgent>> fleet = new java.util.LinkedHashMap<>();
    private ExecutorService threads;

    @Test
    void leavesTheInventoryAsTheFleetIs() throws Exception {
        play(2, 10, List.of(9));
    }

    @Test
    @Tag("long")
    void leavesTheInventoryAsAFleetOfAThousandIs() throws Exception {
        play(4, 250, List.of(3, 9, 15, 20));
    }

    /** @param silentHours in which a fifth of each fleet says nothing; in the last hour of the day another fifth does */
    private void play(int tenants, int agentsOfEach, List<Integer> silentHours) throws Exception {
        Stream.generate(() -> new Rest(base)).limit(4).forEach(connections::add);
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            threads = pool;
            for (int tenant = 0; tenant < tenants; tenant++) {
                enrol(TestedTenant.create(connections.getFirst()), tenant * agentsOfEach, agentsOfEach);
            }
            for (int hour = 0; hour < HOURS - 1; hour++) {
                int now = hour;
                List<DayAgent> silent = silentHours.contains(hour) ? aFifth() : List.of();
                beSilent(silent, hour);
                forAll(agents().filter(agent -> !silent.contains(agent)), agent -> agent.live(now));
                comeBack(silent, hour);
            }
            List<DayAgent> gone = aFifth();
            forAll(agents(), agent -> agent.settle(HOURS - 1));
            beSilent(gone, HOURS - 1);
            counts.forEach((what, count) -> System.out.printf("%-20s %,8d%n", what, count.get()));
            fleet.forEach((tenant, agents) -> compare(tenant, agents, gone));
        }
        assertThat(counts)
                .containsKeys("restarts", "clones", "overtaken", "repeated later", "repeated at once", "never arrived");
    }

    private Stream<DayAgent> agents() {
        return fleet.values().stream().flatMap(List::stream);
    }

    private List<DayAgent> aFifth() {
        return fleet.values().stream()
                .flatMap(agents -> random.ints(0, agents.size())
                        .distinct()
                        .limit(agents.size() / 5)
                        .mapToObj(agents::get))
                .toList();
    }

    private void forAll(Stream<DayAgent> agents, Consumer<DayAgent> does) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        agents.forEach(agent -> all.add(threads.submit(() -> does.accept(agent))));
        for (Future<?> one : all) {
            one.get();
        }
    }

    /** Every fifth pair of agents has one server. */
    private void enrol(TestedTenant tenant, int first, int number) throws Exception {
        List<DayAgent> agents = new ArrayList<>();
        String token = tenant.enrolmentToken();
        List<String> tokens = new ArrayList<>();
        for (int index = 0; index < number; index++) {
            boolean shares = index % 10 < 2;
            String server = "EX-" + (shares ? index / 10 * 10 + "-SHARED" : index);
            agents.add(new DayAgent(
                    first + index, tenant, connections, new Random(random.nextLong()), server, shares, counts));
            if (index % OF_ONE_TOKEN == 0 && index > 0) {
                token = tenant.rest()
                        .post(
                                RealParts.ADMIN,
                                tenant.path("/enrolment-tokens"),
                                Rest.MAPPER
                                        .createObjectNode()
                                        .put("uses", OF_ONE_TOKEN)
                                        .put("expiresIn", "PT1H"))
                        .text("token");
            }
            tokens.add(token);
        }
        fleet.put(tenant, agents);
        forAll(agents.stream(), agent -> agent.enrol(tokens.get(agents.indexOf(agent))));
    }

    private void beSilent(List<DayAgent> silent, int hour) throws Exception {
        if (silent.isEmpty()) {
            return;
        }
        forAll(silent.stream(), agent -> agent.settle(hour));
        Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.update(
                        connection,
                        "UPDATE inventory.agent SET seen_at = now() - interval '6 minutes' WHERE agent IN "
                                + ids(silent)));
        awaitPresence(silent, "SILENT");
        silent.forEach(agent -> agent.truth.silent());
    }

    private void comeBack(List<DayAgent> silent, int hour) throws Exception {
        if (silent.isEmpty()) {
            return;
        }
        forAll(silent.stream(), agent -> agent.beat(hour));
        awaitPresence(silent, "RETURNING");
        forAll(silent.stream(), agent -> agent.beat(hour));
        awaitPresence(silent, "PRESENT");
        silent.forEach(agent -> agent.truth.returned());
    }

    private static String ids(List<DayAgent> agents) {
        return agents.stream().map(agent -> "'" + agent.id() + "'").collect(Collectors.joining(", ", "(", ")"));
    }

    private static void awaitPresence(List<DayAgent> agents, String presence) {
        Eventually.isTrue(
                agents.size() + " agents are " + presence,
                () -> rows("SELECT agent FROM inventory.agent WHERE presence = '" + presence + "' AND agent IN "
                                        + ids(agents))
                                .size()
                        == agents.size());
    }

    private static List<String> rows(String sql) {
        return Database.as(RealParts.postgres().superuser(), connection -> Database.list(connection, sql));
    }

    private void compare(TestedTenant tenant, List<DayAgent> agents, List<DayAgent> gone) {
        assertThat(servers(tenant)).containsExactlyInAnyOrderElementsOf(expectedServers(agents));
        assertThat(presence(tenant))
                .isEqualTo(agents.stream()
                        .collect(Collectors.toMap(DayAgent::id, agent -> gone.contains(agent) ? "SILENT" : "PRESENT")));
        String mine = " WHERE c.tenant = '" + tenant.id() + "' ";
        assertThat(byAgent("SELECT agent || '=' || concat_ws('|', version, s.name) FROM inventory.agent c"
                        + " JOIN inventory.exchange_server s USING (server)" + mine))
                .isEqualTo(of(
                        agents,
                        agent -> List.of(agent.truth.last().version() + "|"
                                + agent.truth.last().server())));
        assertThat(byAgent("SELECT agent || '=' || concat_ws('|', ref, present::text, schedule_enabled::text,"
                        + " retention_enabled::text, quota_bytes, used_bytes, coalesce(last_job_outcome || ' '"
                        + " || extract(epoch FROM last_job_at)::bigint, 'none')) FROM inventory.backup_set c" + mine
                        + "ORDER BY ref"))
                .isEqualTo(of(agents, agent -> agent.truth.setRows()));
        assertThat(byAgent("SELECT b.agent || '=' || concat_ws('|', b.ref, m.exchange_guid, c.items)"
                        + " FROM inventory.backup_set_mailbox c JOIN inventory.backup_set b USING (backup_set)"
                        + " JOIN inventory.mailbox m ON m.mailbox = c.mailbox AND m.server = b.server" + mine
                        + "ORDER BY b.ref, m.exchange_guid::text"))
                .isEqualTo(of(agents, agent -> agent.truth.memberRows()));
        assertThat(byAgent("SELECT c.said_agent || '=' || concat_ws(' ', c.what, b.ref, m.exchange_guid)"
                        + " FROM inventory.inventory_change c LEFT JOIN inventory.backup_set b ON b.backup_set = c.backup_set"
                        + " LEFT JOIN inventory.mailbox m ON m.mailbox = c.mailbox" + mine
                        + "AND c.said_agent IS NOT NULL AND c.what <> 'ServerDiscovered' ORDER BY c.change"))
                .isEqualTo(of(agents, agent -> agent.truth.told()));
        assertThat(byAgent("SELECT c.agent || '=' || c.what FROM inventory.inventory_change c" + mine
                        + "AND c.said_by = 'SILENCE' ORDER BY c.change"))
                .isEqualTo(of(agents, agent -> agent.truth.silences()));
        compareEvents(tenant);
    }

    private static List<String> expectedServers(List<DayAgent> agents) {
        Map<String, String> servers = new TreeMap<>();
        for (DayAgent agent : agents) {
            DaySays last = agent.truth.last();
            servers.put(
                    agent.server(),
                    agent.server() + "|" + last.build().kept()
                            + (last.plannedAt() == null
                                    ? ""
                                    : "|" + DaySays.PLANNED_BUILD + "|"
                                            + last.plannedAt().getEpochSecond()));
        }
        return List.copyOf(servers.values());
    }

    private static List<String> servers(TestedTenant tenant) {
        return rows("SELECT concat_ws('|', name, build, planned_build, extract(epoch FROM planned_at)::bigint)"
                + " FROM inventory.exchange_server WHERE tenant = '" + tenant.id() + "'");
    }

    private static Map<String, String> presence(TestedTenant tenant) {
        Map<String, String> states = new TreeMap<>();
        for (JsonNode agent :
                tenant.rest().get(RealParts.VIEWER, tenant.path("/agents")).body()) {
            states.put(agent.path("agentId").asText(), agent.path("state").asText());
        }
        return states;
    }

    private static Map<String, List<String>> of(
            List<DayAgent> agents, java.util.function.Function<DayAgent, List<String>> rows) {
        Map<String, List<String>> all = new TreeMap<>();
        agents.forEach(agent -> {
            if (!rows.apply(agent).isEmpty()) {
                all.put(agent.id(), rows.apply(agent));
            }
        });
        return all;
    }

    /** Rows that begin with their agent, apart. */
    private static Map<String, List<String>> byAgent(String sql) {
        Map<String, List<String>> all = new TreeMap<>();
        for (String row : rows(sql)) {
            int end = row.indexOf('=');
            all.computeIfAbsent(row.substring(0, end), agent -> new ArrayList<>())
                    .add(row.substring(end + 1));
        }
        return all;
    }

    /** On the topic is what is in the history, of each server in its order, and a server is discovered once. */
    private static void compareEvents(TestedTenant tenant) {
        Map<String, List<String>> history = byAgent("SELECT server || '=' || what FROM inventory.inventory_change"
                + " WHERE tenant = '" + tenant.id() + "' ORDER BY change");
        int changes = history.values().stream().mapToInt(List::size).sum();
        Map<String, List<String>> told = new TreeMap<>();
        for (Event event : tenant.inventoryEvents(changes)) {
            told.computeIfAbsent(event.key(), server -> new ArrayList<>())
                    .add(event.getClass().getSimpleName());
        }
        assertThat(told).isEqualTo(history);
        assertThat(told.values())
                .allSatisfy(events ->
                        assertThat(events).containsOnlyOnce("ServerDiscovered").startsWith("ServerDiscovered"));
    }
}
