package io.mailferry.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.transition.TransitionCommand;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Row-level security as the only guard, and addresses nowhere in plain. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class IsolationIT {
    private static final String ADDRESS = "unmistakable.address@phrase-of-this-test.example";

    @TestHTTPResource("/")
    URI base;

    private TestedTenant tenant;

    @BeforeEach
    void tenantWithARowInEveryTable() {
        tenant = TestedTenant.create(new Rest(base));
        TestedAgent agent = tenant.enrol();
        ObjectNode status = TestedAgent.status("EX-RLS", "15.0.1497.2");
        TestedAgent.addMailbox(TestedAgent.addSet(status, "set"), UUID.randomUUID(), ADDRESS, 1);
        agent.report(status);
        ServerId server = ServerId.of(tenant.inventoryEvents(4).getFirst().key());
        Topics.send(new TransitionCommand.UpgradeAgent(
                CommandId.random(),
                tenant.id(),
                server,
                agent.id,
                "4.3",
                Instant.now().plusSeconds(3600)));
        Eventually.isTrue(
                "the command is queued",
                () -> !agent.send(agent.next("h")).body().path("commands").isEmpty());
        Eventually.isTrue(
                "the fleet was swept", () -> count("fleet_presence", tenant.id().toString()) == 1);
    }

    @Test
    void forcesRowLevelSecurityOnEveryTable() {
        List<String> unguarded =
                Database.as(RealParts.postgres().superuser(), connection -> Database.list(connection, """
                        SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'inventory' AND c.relkind = 'r' AND relname <> 'flyway_schema_history'
                            AND NOT (relrowsecurity AND relforcerowsecurity)"""));
        assertThat(unguarded).isEmpty();
        List<String> owned = Database.as(
                RealParts.postgres().superuser(),
                connection -> Database.list(
                        connection,
                        "SELECT tablename FROM pg_tables WHERE schemaname = 'inventory'"
                                + " AND tableowner <> 'inventory_owner'"));
        assertThat(owned).isEmpty();
    }

    @Test
    void showsATenantItsOwnRowsOnlyWhateverTheQuery() {
        for (String table : Database.tables()) {
            if (!table.equals("outbox")) {
                assertThat(count(table, tenant.id().toString())).as(table).isPositive();
            }
            assertThat(foreign(table, tenant.id().toString())).as(table).isZero();
            assertThat(count(table, UUID.randomUUID().toString())).as(table).isZero();
            assertThat(count(table, "")).as(table).isZero();
        }
    }

    @Test
    void refusesToWriteARowOfAnotherTenant() {
        assertThatThrownBy(() -> Database.as(RealParts.postgres().app("inventory"), connection -> {
                    connection.setAutoCommit(false);
                    bind(connection, UUID.randomUUID().toString());
                    try (var insert = connection.prepareStatement(
                            "INSERT INTO tenant (tenant, name, created_at) VALUES (?, 'intruder', now())")) {
                        insert.setObject(1, UUID.randomUUID());
                        return insert.executeUpdate();
                    }
                }))
                .hasMessageContaining("row-level security");
    }

    private static long count(String table, String asTenant) {
        return number("SELECT count(*) FROM " + table, asTenant);
    }

    private static long foreign(String table, String asTenant) {
        return number("SELECT count(*) FROM " + table + " WHERE tenant <> '" + asTenant + "'", asTenant);
    }

    private static long number(String sql, String asTenant) {
        return Database.as(RealParts.postgres().app("inventory"), connection -> {
            connection.setAutoCommit(false);
            bind(connection, asTenant);
            return Long.parseLong(Database.list(connection, sql).getFirst());
        });
    }

    private static void bind(Connection connection, String tenant) throws SQLException {
        try (var bind = connection.prepareStatement("SELECT set_config('app.tenant', ?, true)")) {
            bind.setString(1, tenant);
            bind.execute();
        }
    }

    @Test
    void keepsAddressesOutOfDatabaseAndTopics() {
        String all = Database.everything().toLowerCase(Locale.ROOT);
        assertThat(all).contains("ex-rls").doesNotContain("unmistakable").doesNotContain("phrase-of-this-test");
        for (Topic topic : Topic.values()) {
            for (ConsumerRecord<byte[], byte[]> record : Topics.records(topic.topicName())) {
                String text = new String(record.value(), StandardCharsets.UTF_8) + record.headers();
                assertThat(text).doesNotContain("unmistakable").doesNotContain("phrase-of-this-test");
            }
        }
    }
}
