package io.mailferry.inventory.agent;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Page;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Agents as operators and dashboards see them. */
@Singleton
final class AgentList {
    private static final Logger LOG = Logger.getLogger(AgentList.class);

    /** The sweep's word; an agent it has not met yet is present from its first heartbeat on. */
    private static final String PRESENCE = """
            CASE WHEN revoked_at IS NOT NULL THEN 'REVOKED'
                 WHEN manual_since IS NOT NULL THEN 'MANUAL'
                 WHEN presence = 'NEW' AND seen_at IS NOT NULL THEN 'PRESENT'
                 ELSE presence END""";

    private static final String AGENTS =
            "SELECT * FROM (SELECT agent.*, " + PRESENCE + " AS state FROM agent) AS agent";

    private final TenantTransactions transactions;
    private final CallerTenants caller;
    private final Map<Presence, AtomicLong> counts = new EnumMap<>(Presence.class);

    AgentList(TenantTransactions transactions, CallerTenants caller, MeterRegistry meters) {
        this.transactions = transactions;
        this.caller = caller;
        for (Presence presence : Presence.values()) {
            AtomicLong count = new AtomicLong();
            counts.put(presence, count);
            Gauge.builder("mailferry.inventory.agents", count, AtomicLong::get)
                    .tag("state", presence.name())
                    .description("Agents by whether they report")
                    .register(meters);
        }
    }

    /**
     * An agent as its tenant's operators see it.
     *
     * @param byCertificate whether its credential is a client certificate
     * @param clonedAt when it was noticed that two agents use its credential; null again once it enrolled anew
     */
    record Listed(
            AgentId agentId,
            String name,
            String brand,
            String version,
            @Nullable ServerId serverId,
            Presence state,
            Instant enrolledAt,
            @Nullable Instant lastSeenAt,
            boolean byCertificate,
            @Nullable Instant credentialExpiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant clonedAt) {}

    /** Which agents are asked for; what is null narrows nothing. */
    record Wanted(
            @Nullable String search,
            @Nullable UUID server,
            @Nullable Presence state) {}

    /** By name, one more than the page holds if there are more. */
    List<Listed> of(TenantId tenant, Wanted wanted, Page page) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .createQuery(AGENTS + """
                         WHERE (CAST(:search AS text) IS NULL OR position(lower(:search) IN lower(name)) > 0)
                            AND (CAST(:server AS uuid) IS NULL OR server = CAST(:server AS uuid))
                            AND (CAST(:state AS text) IS NULL OR state = :state)
                            AND (CAST(:after AS uuid) IS NULL OR (lower(name), agent) >
                                (SELECT lower(name), agent FROM agent WHERE agent = CAST(:after AS uuid)))
                        ORDER BY lower(name), agent LIMIT :rows""")
                        .bind("search", wanted.search())
                        .bind("server", wanted.server())
                        .bind(
                                "state",
                                wanted.state() == null ? null : wanted.state().name())
                        .bind("after", page.afterIn(transaction, "agent", "agent"))
                        .bind("rows", page.rows())
                        .map((row, context) -> listed(row))
                        .list());
    }

    /** @throws ProblemException 404 if there is none, or it is another tenant's */
    Listed one(AgentId agent) {
        TenantId tenant = transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant FROM agent WHERE agent = ?", agent)
                .mapTo(TenantId.class)
                .findOne()
                .orElseThrow(ProblemException::notFound));
        return transactions.inTenant(
                caller.require(tenant),
                transaction -> transaction
                        .handle()
                        .select(AGENTS + " WHERE agent = ?", agent)
                        .map((row, context) -> listed(row))
                        .findOne()
                        .orElseThrow(ProblemException::notFound));
    }

    private static Listed listed(ResultSet row) throws SQLException {
        String server = row.getString("server");
        return new Listed(
                AgentId.of(row.getString("agent")),
                row.getString("name"),
                row.getString("brand"),
                row.getString("version"),
                server == null ? null : ServerId.of(server),
                Presence.valueOf(row.getString("state")),
                row.getTimestamp("enrolled_at").toInstant(),
                moment(row, "seen_at"),
                ClientCertificate.isKeptAs(row.getString("credential_sha256")),
                moment(row, "credential_expires_at"),
                moment(row, "revoked_at"),
                moment(row, "cloned_at"));
    }

    private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        Timestamp moment = row.getTimestamp(column);
        return moment == null ? null : moment.toInstant();
    }

    /** Whether this tenant has this agent. */
    boolean isOf(TenantId tenant, AgentId agent) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT 1 FROM agent WHERE agent = ?", agent)
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent());
    }

    /** Counts for the dashboards. */
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
        transactions.useAcrossTenants(transaction -> transaction
                .handle()
                .select("SELECT " + PRESENCE + " AS state, count(*) AS agents FROM agent GROUP BY 1")
                .map((row, context) -> Map.entry(Presence.valueOf(row.getString("state")), row.getLong("agents")))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue())));
        counts.forEach((presence, count) -> count.set(found.getOrDefault(presence, 0L)));
    }
}
