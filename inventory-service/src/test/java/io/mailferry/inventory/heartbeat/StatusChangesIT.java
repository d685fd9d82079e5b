package io.mailferry.inventory.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.RealParts;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;

/** What the inventory asks of PostgreSQL for heartbeats that are applied together. */
@QuarkusTest
@QuarkusTestResource(RealParts.class)
class StatusChangesIT {
    @Inject
    TenantTransactions transactions;

    @Inject
    StatusChanges changes;

    @Test
    void asksPostgresNoOftenerForManyHeartbeatsThanForTwo() {
        Asked two = asked(2);
        Asked many = asked(20);

        assertThat(two.forNew()).isPositive();
        assertThat(two.forChanged()).isPositive();
        assertThat(many).isEqualTo(two);
    }

    @Test
    void appliesSeveralHeartbeatsOfOneAgentInTheirOrder() {
        TenantId tenant = tenant();
        AgentId agent = enrolled(tenant);
        AgentHeartbeat first = heartbeat(tenant, agent, 1);
        AgentHeartbeat second = heartbeat(tenant, agent, 2);
        AgentHeartbeat third = heartbeat(tenant, agent, 3);

        transactions.useTenant(
                tenant, transaction -> changes.apply(transaction, List.of(first, second, second, first, third)));

        List<String> told = transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT what || ' ' || sequence FROM inventory_change ORDER BY change")
                        .mapTo(String.class)
                        .list());
        assertThat(told)
                .containsExactly(
                        "ServerDiscovered 1",
                        "AgentRegistered 1",
                        "MailboxChanged 1",
                        "BackupSetChanged 1",
                        "MailboxChanged 2",
                        "QuotaChanged 2",
                        "MailboxChanged 3",
                        "QuotaChanged 3");
    }

    /** How many statements it took to bring in statuses of new agents, and then one change of each. */
    private record Asked(int forNew, int forChanged) {}

    private Asked asked(int agents) {
        TenantId tenant = tenant();
        List<AgentHeartbeat> fresh = new ArrayList<>();
        List<AgentHeartbeat> changed = new ArrayList<>();
        for (int number = 0; number < agents; number++) {
            AgentId agent = enrolled(tenant);
            fresh.add(heartbeat(tenant, agent, 1));
            changed.add(heartbeat(tenant, agent, 2));
        }
        return new Asked(statements(tenant, fresh), statements(tenant, changed));
    }

    private int statements(TenantId tenant, List<AgentHeartbeat> heartbeats) {
        AtomicInteger asked = new AtomicInteger();
        transactions.useTenant(tenant, transaction -> {
            transaction.handle().getConfig(SqlStatements.class).setSqlLogger(new SqlLogger() {
                @Override
                public void logAfterExecution(StatementContext context) {
                    asked.incrementAndGet();
                }
            });
            changes.apply(transaction, heartbeats);
        });
        return asked.get();
    }

    private TenantId tenant() {
        TenantId tenant = TenantId.random();
        transactions.useAcrossTenants(transaction -> transaction
                .handle()
                .execute(
                        "INSERT INTO tenant (tenant, name, created_at) VALUES (?, ?, now())",
                        tenant,
                        "Tenant " + tenant));
        return tenant;
    }

    private AgentId enrolled(TenantId tenant) {
        AgentId agent = AgentId.random();
        transactions.useTenant(tenant, transaction -> {
            transaction.handle().execute("""
                            INSERT INTO agent (agent, tenant, name, brand, version, credential_sha256, enrolled_at)
                            VALUES (?, ?, 'an agent', 'Acme Backup', '4.1.0', ?, now())""", agent, tenant, agent.toString());
            boot(transaction, tenant, agent);
        });
        return agent;
    }

    private static void boot(Transaction transaction, TenantId tenant, AgentId agent) {
        transaction
                .handle()
                .execute(
                        "INSERT INTO agent_boot (tenant, agent, boot, ordinal, first_seen) VALUES (?, ?, ?, 1, now())",
                        tenant,
                        agent,
                        agent.value());
    }

    /** Differs from the one before in one figure of the set and one of the mailbox. */
    private static AgentHeartbeat heartbeat(TenantId tenant, AgentId agent, long sequence) {
        Instant now = Instant.parse("2026-11-22T08:00:00Z");
        AgentStatus.Mailbox mailbox = new AgentStatus.Mailbox(
                new UUID(1, agent.value().getLeastSignificantBits()), new SealedAddress("sealed"), sequence, 1_000);
        AgentStatus.BackupSet set = new AgentStatus.BackupSet(
                "set",
                "Mail",
                BackupMode.MAPI,
                true,
                true,
                1_000_000,
                sequence,
                Optional.empty(),
                List.of(mailbox),
                Optional.empty());
        return new AgentHeartbeat(
                tenant,
                agent,
                sequence,
                agent.value(),
                now,
                now,
                "hash-" + sequence,
                Optional.of(new AgentStatus(
                        "Acme Backup",
                        "4.1.0",
                        new AgentStatus.Server("EX-" + agent, ExchangeBuild.parse("15.0.1395.4"), Optional.empty()),
                        List.of(set))));
    }
}
