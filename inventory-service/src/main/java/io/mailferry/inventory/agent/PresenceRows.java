package io.mailferry.inventory.agent;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The sweep's columns of agents and fleets. Rows are locked in the agents' order, and one that is locked is left out. */
@Singleton
final class PresenceRows {
    /** Agents whose own silence was told are no news any more; all others count. */
    private static final String COUNTS = """
            count(*) FILTER (WHERE NOT silence_told) AS known,
            count(*) FILTER (WHERE NOT silence_told AND seen_at < :lateBefore) AS missing,
            count(*) FILTER (WHERE NOT silence_told AND seen_at < :silentBefore) AS due
            FROM agent WHERE revoked_at IS NULL AND seen_at IS NOT NULL
            """;

    /** The moments before which an agent that was seen last is late and silent. */
    record Line(Instant now, Instant lateBefore, Instant silentBefore) {}

    /** @param silentSince null while the fleet is not silent */
    record Fleet(Instant sweptAt, @Nullable Instant silentSince) {}

    record Seen(
            AgentId agent,
            Presence presence,
            boolean silenceTold,
            Instant seenAt,
            @Nullable Instant returningSeenAt,
            @Nullable ServerId server) {}

    Map<TenantId, Outage.Count> counts(Transaction acrossTenants, Line line) {
        Map<TenantId, Outage.Count> counts = new LinkedHashMap<>();
        acrossTenants
                .handle()
                .createQuery("SELECT tenant, " + COUNTS + " GROUP BY tenant")
                .bind("lateBefore", line.lateBefore())
                .bind("silentBefore", line.silentBefore())
                .map((row, context) -> Map.entry(TenantId.of(row.getString("tenant")), count(row)))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    Outage.Count count(Transaction transaction, Line line) {
        return transaction
                .handle()
                .createQuery("SELECT " + COUNTS)
                .bind("lateBefore", line.lateBefore())
                .bind("silentBefore", line.silentBefore())
                .map((row, context) -> count(row))
                .one();
    }

    private static Outage.Count count(ResultSet row) throws SQLException {
        return new Outage.Count(row.getInt("known"), row.getInt("missing"), row.getInt("due"));
    }

    long silentFleets(Transaction acrossTenants) {
        return acrossTenants
                .handle()
                .select("SELECT count(*) FROM fleet_presence WHERE silent_since IS NOT NULL")
                .mapTo(Long.class)
                .one();
    }

    /** The fleet as the last sweep left it, locked and swept now; empty while another replica is at it. */
    Optional<Fleet> sweep(Transaction transaction, TenantId tenant, Instant now) {
        transaction
                .handle()
                .execute(
                        "INSERT INTO fleet_presence (tenant, swept_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        tenant,
                        now);
        Optional<Fleet> fleet = transaction
                .handle()
                .select(
                        "SELECT swept_at, silent_since FROM fleet_presence WHERE tenant = ? FOR UPDATE SKIP LOCKED",
                        tenant)
                .map((row, context) -> new Fleet(row.getTimestamp("swept_at").toInstant(), moment(row, "silent_since")))
                .findOne();
        if (fleet.isPresent()) {
            transaction.handle().execute("UPDATE fleet_presence SET swept_at = ? WHERE tenant = ?", now, tenant);
        }
        return fleet;
    }

    void fleetSilentSince(Transaction transaction, TenantId tenant, @Nullable Instant since) {
        transaction.handle().execute("UPDATE fleet_presence SET silent_since = ? WHERE tenant = ?", since, tenant);
    }

    /** What nobody is told of. */
    void moveQuietly(Transaction transaction, Line line) {
        transaction
                .handle()
                .createUpdate("""
                        WITH due AS (
                            SELECT agent FROM agent
                            WHERE seen_at IS NOT NULL AND (presence = 'NEW'
                                OR presence = 'PRESENT' AND seen_at < :lateBefore
                                OR presence = 'LATE' AND seen_at >= :lateBefore
                                OR presence = 'SILENT' AND seen_at >= :lateBefore
                                OR presence = 'RETURNING' AND (seen_at < :lateBefore
                                    OR NOT silence_told AND seen_at > returning_seen_at))
                            ORDER BY agent FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE agent SET
                            presence = CASE
                                WHEN presence = 'SILENT' THEN 'RETURNING'
                                WHEN presence = 'RETURNING' AND seen_at < :lateBefore THEN 'SILENT'
                                WHEN presence = 'PRESENT' THEN 'LATE'
                                ELSE 'PRESENT' END,
                            returning_seen_at = CASE WHEN presence = 'SILENT' THEN seen_at END
                        FROM due WHERE due.agent = agent.agent""")
                .bind("lateBefore", line.lateBefore())
                .execute();
    }

    /** While the fleet is silent, its agents are so without a word. */
    void silenceQuietly(Transaction transaction, Line line) {
        transaction
                .handle()
                .createUpdate("""
                        WITH due AS (
                            SELECT agent FROM agent WHERE presence = 'LATE' AND seen_at < :silentBefore
                            ORDER BY agent FOR NO KEY UPDATE SKIP LOCKED)
                        UPDATE agent SET presence = 'SILENT' FROM due WHERE due.agent = agent.agent""")
                .bind("silentBefore", line.silentBefore())
                .execute();
    }

    /** Agents of which something has to be told. */
    List<AgentId> due(Transaction transaction, Line line, int rowsMax) {
        return transaction
                .handle()
                .createQuery("""
                        SELECT agent FROM agent
                        WHERE revoked_at IS NULL AND (presence = 'LATE' AND seen_at < :silentBefore
                            OR presence = 'SILENT' AND NOT silence_told AND seen_at < :silentBefore
                            OR presence = 'RETURNING' AND silence_told AND seen_at > returning_seen_at)
                        ORDER BY agent LIMIT :rowsMax""")
                .bind("silentBefore", line.silentBefore())
                .bind("rowsMax", rowsMax)
                .mapTo(AgentId.class)
                .list();
    }

    Optional<Seen> lock(Transaction transaction, AgentId agent) {
        return transaction.handle().select("""
                        SELECT agent, presence, silence_told, seen_at, returning_seen_at, server FROM agent
                        WHERE agent = ? AND revoked_at IS NULL AND seen_at IS NOT NULL
                        FOR NO KEY UPDATE""", agent).map(PresenceRows::seen).findOne();
    }

    void update(Transaction transaction, AgentId agent, Presence presence, boolean silenceTold) {
        transaction
                .handle()
                .execute(
                        "UPDATE agent SET presence = ?, silence_told = ?, returning_seen_at = NULL WHERE agent = ?",
                        presence.name(),
                        silenceTold,
                        agent);
    }

    private static Seen seen(ResultSet row, StatementContext context) throws SQLException {
        String server = row.getString("server");
        return new Seen(
                AgentId.of(row.getString("agent")),
                Presence.valueOf(row.getString("presence")),
                row.getBoolean("silence_told"),
                row.getTimestamp("seen_at").toInstant(),
                moment(row, "returning_seen_at"),
                server == null ? null : ServerId.of(server));
    }

    private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        Timestamp moment = row.getTimestamp(column);
        return moment == null ? null : moment.toInstant();
    }
}
