package io.mailferry.inventory.agent;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tokens with which agents of one tenant enrol; kept as hashes, with the enrolments left. */
@Singleton
final class EnrolmentTokens {
    private static final int LISTED_MAX = 1_000;
    private static final String GOOD = "uses_left > 0 AND expires_at > :now AND revoked_at IS NULL";

    private final TenantTransactions transactions;
    private final Clock clock;
    private final SecureRandom randomness;

    EnrolmentTokens(TenantTransactions transactions, Clock clock, SecureRandom randomness) {
        this.transactions = transactions;
        this.clock = clock;
        this.randomness = randomness;
    }

    /** @param agent whose credential the token renews; null for one that makes new agents */
    record Issued(
            UUID id,
            Secret token,
            int uses,
            Instant expiresAt,
            @Nullable AgentId agent) {}

    /** What a token lets its bearer do. */
    record Permission(TenantId tenant, @Nullable AgentId agent) {}

    /** A token as operators see it; the token itself is shown to nobody again. */
    record Listed(
            UUID id,
            int usesLeft,
            Instant expiresAt,
            @Nullable AgentId agentId,
            String createdBy,
            Instant createdAt,
            @Nullable Instant revokedAt) {}

    /** @param agent an agent of this tenant, or null */
    Issued issue(TenantId tenant, int uses, Duration validity, @Nullable AgentId agent, String operator) {
        Secret token = Secret.random(randomness);
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        Instant expiresAt = now.plus(validity);
        transactions.useTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .execute("""
                        INSERT INTO enrolment_token (token, tenant, sha256, uses_left, expires_at, agent, created_by, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""", id, tenant, token.sha256(), uses, expiresAt, agent, operator, now));
        return new Issued(id, token, uses, expiresAt, agent);
    }

    /** What the token lets its bearer do; empty if it is unknown, used up, expired or revoked, which all look the same. */
    Optional<Permission> permission(Transaction acrossTenants, Secret token) {
        if (!token.isPlausible()) {
            return Optional.empty();
        }
        return acrossTenants
                .handle()
                .createQuery("SELECT tenant, agent FROM enrolment_token WHERE sha256 = :sha256 AND " + GOOD)
                .bind("sha256", token.sha256())
                .bind("now", clock.instant())
                .map((row, context) -> new Permission(TenantId.of(row.getString("tenant")), agent(row)))
                .findOne();
    }

    /**
     * Takes one use of the token, if it is still good. The last thing that a transaction does: all who enrol with the
     * same token wait for each other from here on.
     */
    boolean use(Transaction acrossTenants, Secret token) {
        return acrossTenants
                        .handle()
                        .createUpdate("UPDATE enrolment_token SET uses_left = uses_left - 1 WHERE sha256 = :sha256 AND "
                                + GOOD)
                        .bind("sha256", token.sha256())
                        .bind("now", clock.instant())
                        .execute()
                == 1;
    }

    List<Listed> of(TenantId tenant) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT * FROM enrolment_token ORDER BY created_at DESC, token LIMIT " + LISTED_MAX)
                        .map((row, context) -> listed(row))
                        .list());
    }

    private static Listed listed(ResultSet row) throws SQLException {
        Timestamp revokedAt = row.getTimestamp("revoked_at");
        return new Listed(
                row.getObject("token", UUID.class),
                row.getInt("uses_left"),
                row.getTimestamp("expires_at").toInstant(),
                agent(row),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                revokedAt == null ? null : revokedAt.toInstant());
    }

    private static @Nullable AgentId agent(ResultSet row) throws SQLException {
        String agent = row.getString("agent");
        return agent == null ? null : AgentId.of(agent);
    }

    /** Whether there is such a token of this tenant; one that was revoked before stays as it is. */
    boolean revoke(TenantId tenant, UUID id) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                                .handle()
                                .execute(
                                        "UPDATE enrolment_token SET revoked_at = coalesce(revoked_at, ?) WHERE token = ?",
                                        clock.instant(),
                                        id)
                        == 1);
    }
}
