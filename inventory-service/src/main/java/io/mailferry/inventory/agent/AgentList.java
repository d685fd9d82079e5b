package io.mailferry.inventory.agent;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Agents as operators and dashboards see them. */
@Singleton
final class AgentList {
    private static final Logger LOG = Logger.getLogger(AgentList.class);
    private static final int LISTED_MAX = 10_000;

    /** The presence of a row, by the two moments before which an agent is late and silent. */
    private static final String PRESENCE = """
            CASE WHEN seen_at IS NULL THEN 'NEW'
                 WHEN seen_at < :silentBefore THEN 'SILENT'
                 WHEN seen_at < :lateBefore THEN 'LATE'
                 ELSE 'PRESENT' END""";

    private final TenantTransactions transactions;
    private final AgentSettings settings;
    private final Clock clock;
    private final Map<Presence, AtomicLong> counts = new EnumMap<>(Presence.class);

    AgentList(TenantTransactions transactions, AgentSettings settings, Clock clock, MeterRegistry meters) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
        for (Presence presence : Presence.values()) {
            AtomicLong count = new AtomicLong();
            counts.put(presence, count);
            Gauge.builder("mailferry.inventory.agents", count, AtomicLong::get)
                    .tag("state", presence.name())
                    .description("Agents by whether they report")
                    .register(meters);
        }
    }

    /** An agent as its tenant's operators see it. */
    record Listed(
            AgentId agentId,
            String name,
            String brand,
            String version,
            @Nullable ServerId serverId,
            Presence state,
            Instant enrolledAt,
            @Nullable Instant lastSeenAt) {}

    List<Listed> of(TenantId tenant) {
        return transactions.inTenant(
                tenant,
                transaction -> query(
                                transaction,
                                "SELECT agent, name, brand, version, server, enrolled_at, seen_at, " + PRESENCE
                                        + " AS presence FROM agent ORDER BY lower(name), agent LIMIT " + LISTED_MAX)
                        .map((row, context) -> listed(row))
                        .list());
    }

    private static Listed listed(ResultSet row) throws SQLException {
        String server = row.getString("server");
        Timestamp seenAt = row.getTimestamp("seen_at");
        return new Listed(
                AgentId.of(row.getString("agent")),
                row.getString("name"),
                row.getString("brand"),
                row.getString("version"),
                server == null ? null : ServerId.of(server),
                Presence.valueOf(row.getString("presence")),
                row.getTimestamp("enrolled_at").toInstant(),
                seenAt == null ? null : seenAt.toInstant());
    }

    private Query query(Transaction transaction, String sql) {
        Instant now = clock.instant();
        return transaction
                .handle()
                .createQuery(sql)
                .bind("silentBefore", now.minus(settings.silentAfter()))
                .bind(
                        "lateBefore",
                        now.minus(settings.heartbeatInterval().multipliedBy(settings.lateAfterIntervals())));
    }

    /** Counts for the dashboards, on this service's clock. */
    @Scheduled(every = "${mailferry.metrics.every:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            countByPresence();
        } catch (JdbiException e) {
            LOG.warnf("Agents not counted: failure=%s", e.getClass().getSimpleName());
        }
    }

    private void countByPresence() {
        Map<Presence, Long> found = new EnumMap<>(Presence.class);
        transactions.useAcrossTenants(transaction -> query(
                        transaction, "SELECT " + PRESENCE + " AS presence, count(*) AS agents FROM agent GROUP BY 1")
                .map((row, context) -> Map.entry(Presence.valueOf(row.getString("presence")), row.getLong("agents")))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue())));
        counts.forEach((presence, count) -> count.set(found.getOrDefault(presence, 0L)));
    }
}
