package io.mailferry.inventory.agent;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * The agents' rows as heartbeats change them. The gateway and the consumer each keep their own newest heartbeat there: a
 * heartbeat that was let in is not yet one that the inventory reflects.
 *
 * <p>Rows are locked in one order everywhere: agent, server, command. FOR NO KEY UPDATE, because the foreign key of a row
 * inserted elsewhere locks the row it refers to against FOR UPDATE, which would turn that order round.
 */
@Singleton
public final class Agents {
    private final Clock clock;
    private final int bootsMax;

    Agents(Clock clock, AgentSettings settings) {
        this.clock = clock;
        this.bootsMax = settings.bootsMax();
    }

    /** Whether the gateway lets a heartbeat in. */
    public sealed interface Admission {
        /** @param appliedStatusHash of the status that the inventory reflects, null before the first one */
        record Admitted(@Nullable String appliedStatusHash) implements Admission {}

        /** This heartbeat, or a later one of its boot, was there before. */
        record Repeated() implements Admission {}

        /** This boot was followed by another one: two agents use one credential, or an old request is played again. */
        record Cloned() implements Admission {}
    }

    /**
     * What the inventory reflects of an agent.
     *
     * @param server null before its first status
     * @param serverBuild the agent's own last word on its server's build
     */
    public record Known(
            AgentId agent,
            String brand,
            String version,
            int appliedBoot,
            long appliedSequence,
            @Nullable String statusHash,
            @Nullable ServerId server,
            @Nullable String serverBuild) {
        /** The same, reflecting a later heartbeat that said nothing new. */
        public Known after(int boot, long sequence) {
            return new Known(agent, brand, version, boot, sequence, statusHash, server, serverBuild);
        }

        /** The same, reflecting this status. */
        public Known reflecting(AgentStatus status, String hash, ServerId onServer, String build) {
            return new Known(
                    agent, status.brand(), status.version(), appliedBoot, appliedSequence, hash, onServer, build);
        }
    }

    /** Lets a heartbeat in if its sequence rises within its boot and its boot was not followed by another one. */
    public Admission admit(Transaction transaction, TenantId tenant, AgentId agent, UUID boot, long sequence) {
        Seen seen = transaction
                .handle()
                .select(
                        "SELECT seen_boot, seen_sequence, status_hash FROM agent WHERE agent = ? FOR NO KEY UPDATE",
                        agent)
                .map((row, context) ->
                        new Seen(row.getInt("seen_boot"), row.getLong("seen_sequence"), row.getString("status_hash")))
                .one();
        int ordinal = bootOrdinal(transaction, tenant, agent, boot);
        if (ordinal < seen.boot()) {
            transaction
                    .handle()
                    .execute(
                            "UPDATE agent SET cloned_at = coalesce(cloned_at, ?) WHERE agent = ?",
                            clock.instant(),
                            agent);
            return new Admission.Cloned();
        }
        if (ordinal == seen.boot() && sequence <= seen.sequence()) {
            return new Admission.Repeated();
        }
        transaction
                .handle()
                .execute(
                        "UPDATE agent SET seen_boot = ?, seen_boot_id = ?, seen_sequence = ?, seen_at = ? WHERE agent = ?",
                        ordinal,
                        boot,
                        sequence,
                        clock.instant(),
                        agent);
        return new Admission.Admitted(seen.statusHash());
    }

    private record Seen(int boot, long sequence, @Nullable String statusHash) {}

    /** The place of this boot among the agent's boots; a boot never met is the newest. Needs the agent's row locked. */
    public int bootOrdinal(Transaction transaction, TenantId tenant, AgentId agent, UUID boot) {
        Optional<Integer> met = transaction
                .handle()
                .select("SELECT ordinal FROM agent_boot WHERE agent = ? AND boot = ?", agent, boot)
                .mapTo(Integer.class)
                .findOne();
        if (met.isPresent()) {
            return met.get();
        }
        int ordinal = nextOrdinal(transaction, agent);
        rememberBoot(transaction, tenant, agent, boot, ordinal);
        transaction
                .handle()
                .execute("DELETE FROM agent_boot WHERE agent = ? AND ordinal <= ?", agent, ordinal - bootsMax);
        return ordinal;
    }

    /** Makes this boot the agent's newest, also if it was there before, so that every other one is refused. */
    void begin(Transaction transaction, TenantId tenant, AgentId agent, UUID boot) {
        transaction
                .handle()
                .select("SELECT 1 FROM agent WHERE agent = ? FOR NO KEY UPDATE", agent)
                .mapTo(Integer.class)
                .one();
        int ordinal = nextOrdinal(transaction, agent);
        transaction.handle().execute("DELETE FROM agent_boot WHERE agent = ? AND boot = ?", agent, boot);
        rememberBoot(transaction, tenant, agent, boot, ordinal);
        transaction
                .handle()
                .execute(
                        "UPDATE agent SET seen_boot = ?, seen_boot_id = ?, seen_sequence = -1 WHERE agent = ?",
                        ordinal,
                        boot,
                        agent);
    }

    private static int nextOrdinal(Transaction transaction, AgentId agent) {
        return transaction
                .handle()
                .select("SELECT coalesce(max(ordinal), 0) + 1 FROM agent_boot WHERE agent = ?", agent)
                .mapTo(Integer.class)
                .one();
    }

    void rememberBoot(Transaction transaction, TenantId tenant, AgentId agent, UUID boot, int ordinal) {
        transaction
                .handle()
                .execute(
                        "INSERT INTO agent_boot (tenant, agent, boot, ordinal, first_seen) VALUES (?, ?, ?, ?, ?)",
                        tenant,
                        agent,
                        boot,
                        ordinal,
                        clock.instant());
    }

    public boolean exists(Transaction transaction, AgentId agent) {
        return transaction
                .handle()
                .select("SELECT 1 FROM agent WHERE agent = ?", agent)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** For callers who do not know whose the agent is. */
    public Optional<TenantId> tenantOf(Transaction acrossTenants, AgentId agent) {
        return acrossTenants
                .handle()
                .select("SELECT tenant FROM agent WHERE agent = ?", agent)
                .mapTo(TenantId.class)
                .findOne();
    }

    /** Since when an operator's hands do what is asked of this agent; empty if none do. */
    public Optional<Instant> manualSince(Transaction transaction, AgentId agent) {
        return transaction
                .handle()
                .select("SELECT manual_since FROM agent WHERE agent = ? AND manual_since IS NOT NULL", agent)
                .mapTo(Instant.class)
                .findOne();
    }

    /** Whether nothing may be asked of this agent any more. */
    public boolean isRevoked(Transaction transaction, AgentId agent) {
        return transaction
                .handle()
                .select("SELECT 1 FROM agent WHERE agent = ? AND revoked_at IS NOT NULL", agent)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    static Known known(ResultSet row, StatementContext context) throws SQLException {
        String server = row.getString("server");
        return new Known(
                AgentId.of(row.getString("agent")),
                row.getString("brand"),
                row.getString("version"),
                row.getInt("applied_boot"),
                row.getLong("applied_sequence"),
                row.getString("status_hash"),
                server == null ? null : ServerId.of(server),
                row.getString("server_build"));
    }
}
