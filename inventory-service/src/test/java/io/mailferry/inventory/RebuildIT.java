package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * An inventory rebuilt from the same heartbeats is the same inventory. Goal: nothing but the heartbeats decides what
 * exists. Method: agents live through changes and restarts; their tenant's inventory is emptied; their heartbeats are
 * written to the topic again, each agent's in their order but those of different agents mixed otherwise, with older ones
 * of the same agent repeated in between. What is compared has no ids and moments of discovery, which are made anew.
 */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class RebuildIT {
    private static final long SEED = 20_261_122;
    private static final int STATUSES = 12;
    private static final String[] BUILDS = {"15.0.1395.4", "Version 15.0 (Build 1473.3)", "15.00.1497.002"};

    @TestHTTPResource("/")
    URI base;

    private final Random random = new Random(SEED);
    private TestedTenant tenant;

    @Test
    void givesTheSameInventoryForTheSameHeartbeats() {
        tenant = TestedTenant.create(new Rest(base));
        // Two agents of one server, and one whose server is its own.
        List<TestedAgent> agents = List.of(tenant.enrol(), tenant.enrol(), tenant.enrol());
        for (int turn = 0; turn < STATUSES; turn++) {
            for (int index = 0; index < agents.size(); index++) {
                live(agents.get(index), index, turn);
            }
        }
        Map<String, List<String>> truth = inventory();
        assertThat(truth.get("changes")).hasSizeGreaterThan(50);
        List<ProducerRecord<byte[], byte[]>> records = mixed(Topics.events(Topic.AGENT_HEARTBEAT, tenant.id()));

        empty();
        assertThat(inventory().get("servers")).isEmpty();
        Topics.sendAll(records);

        Eventually.isTrue(
                "the newest heartbeat of each agent is applied again",
                () -> inventory().get("agents").equals(truth.get("agents")));
        assertThat(inventory()).isEqualTo(truth);
    }

    private void live(TestedAgent agent, int index, int turn) {
        if (random.nextInt(4) == 0) {
            agent.bootId = UUID.randomUUID();
            agent.sequence = random.nextInt(3);
        }
        boolean ownServer = index == 2;
        ObjectNode status = TestedAgent.status(
                ownServer ? "EX-OWN" : "EX-SHARED", ownServer ? BUILDS[random.nextInt(BUILDS.length)] : BUILDS[1]);
        if (index == 0 && random.nextBoolean()) {
            ((ObjectNode) status.get("server"))
                    .putObject("plannedUpdate")
                    .put("build", "15.0.1497.2")
                    .put("at", "2026-12-2" + random.nextInt(3) + "T20:00:00Z");
        }
        ((ObjectNode) status.get("agent")).put("version", "4." + (1 + turn / 6));
        for (int set = 0; set < 3; set++) {
            if (random.nextInt(4) > 0) {
                addSet(status, index, set);
            }
        }
        // Says something new at least by its hash, so that the last of an agent's heartbeats bears a status.
        agent.report(status.put("turn", turn));
    }

    private void addSet(ObjectNode status, int agent, int number) {
        ObjectNode set = TestedAgent.addSet(status, "set-" + number)
                .put("scheduleEnabled", random.nextInt(3) > 0)
                .put("usedBytes", 1_000L * random.nextInt(3));
        if (random.nextBoolean()) {
            set.putObject("lastJob")
                    .put("at", "2026-11-20T0" + random.nextInt(9) + ":00:00Z")
                    .put("outcome", random.nextBoolean() ? "SUCCEEDED" : "FAILED");
        }
        for (int mailbox = 0; mailbox < 4; mailbox++) {
            if (random.nextInt(3) > 0) {
                TestedAgent.addMailbox(
                        set,
                        new UUID(agent, 100 * number + mailbox),
                        "m" + agent + number + mailbox + "@rebuild.example",
                        random.nextInt(3));
            }
        }
        assertThat(((ArrayNode) set.get("mailboxes")).size()).isLessThanOrEqualTo(4);
    }

    /** Each agent's records in order; which agent is next, and what is repeated in between, is drawn by lot. */
    private List<ProducerRecord<byte[], byte[]>> mixed(List<Event> heartbeats) {
        Map<String, List<Event>> byAgent = new LinkedHashMap<>();
        heartbeats.forEach(heartbeat -> byAgent.computeIfAbsent(heartbeat.key(), key -> new ArrayList<>())
                .add(heartbeat));
        List<List<Event>> waiting = new ArrayList<>(byAgent.values());
        Map<String, Integer> told = new LinkedHashMap<>();
        List<ProducerRecord<byte[], byte[]>> mixed = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<Event> agent = waiting.get(random.nextInt(waiting.size()));
            int next = told.merge(agent.getFirst().key(), 1, Integer::sum) - 1;
            if (next > 0 && random.nextInt(3) == 0) {
                mixed.add(Topics.encode(agent.get(random.nextInt(next))));
            }
            mixed.add(Topics.encode(agent.get(next)));
            if (next == agent.size() - 1) {
                waiting.remove(agent);
            }
        }
        assertThat(mixed).hasSizeGreaterThan(heartbeats.size());
        return mixed;
    }

    /** Leaves the tenant and its agents' enrolments, as a new database with the same enrolments would be. */
    private void empty() {
        String mine = " WHERE tenant = '" + tenant.id() + "'";
        Database.as(RealParts.postgres().superuser(), connection -> {
            for (String table : List.of("inventory_change", "backup_set_mailbox", "mailbox", "backup_set")) {
                Database.update(connection, "DELETE FROM inventory." + table + mine);
            }
            Database.update(connection, "DELETE FROM inventory.agent_boot" + mine);
            Database.update(
                    connection,
                    "UPDATE inventory.agent SET server = NULL, server_build = NULL, status_hash = NULL, applied_boot = 0,"
                            + " applied_sequence = -1, brand = 'Acme Backup', version = '4.1.0'" + mine);
            return Database.update(connection, "DELETE FROM inventory.exchange_server" + mine);
        });
    }

    private Map<String, List<String>> inventory() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("servers", """
                SELECT (name, build, build_observed, planned_build, planned_at, planned_by)::text
                FROM inventory.exchange_server WHERE tenant = '%s' ORDER BY 1""");
        queries.put("agents", """
                SELECT (a.agent, brand, version, applied_boot, applied_sequence, status_hash, server_build, s.name)::text
                FROM inventory.agent a LEFT JOIN inventory.exchange_server s USING (server)
                WHERE a.tenant = '%s' ORDER BY 1""");
        queries.put("sets", """
                SELECT (b.agent, ref, s.name, b.name, mode, schedule_enabled, retention_enabled, quota_bytes, used_bytes,
                    last_job_at, last_job_outcome, present)::text
                FROM inventory.backup_set b JOIN inventory.exchange_server s USING (server)
                WHERE b.tenant = '%s' ORDER BY 1""");
        queries.put("members", """
                SELECT (b.agent, b.ref, m.exchange_guid, m.address, s.name, x.items, x.bytes)::text
                FROM inventory.mailbox m JOIN inventory.exchange_server s USING (server)
                LEFT JOIN inventory.backup_set_mailbox x USING (mailbox)
                LEFT JOIN inventory.backup_set b ON b.backup_set = x.backup_set
                WHERE m.tenant = '%s' ORDER BY 1""");
        queries.put("changes", """
                SELECT (s.name, c.said_agent, c.boot, c.sequence, c.what, m.exchange_guid, b.ref, c.before, c.after)::text
                FROM inventory.inventory_change c JOIN inventory.exchange_server s USING (server)
                LEFT JOIN inventory.mailbox m ON m.mailbox = c.mailbox
                LEFT JOIN inventory.backup_set b ON b.backup_set = c.backup_set
                WHERE c.tenant = '%s' AND c.what <> 'ServerDiscovered' ORDER BY s.name, c.said_agent, c.change""");
        Map<String, List<String>> inventory = new LinkedHashMap<>();
        queries.forEach((name, query) -> inventory.put(
                name,
                Database.as(
                        RealParts.postgres().superuser(),
                        connection -> Database.list(
                                connection, query.replace("%s", tenant.id().toString())))));
        return inventory;
    }
}
