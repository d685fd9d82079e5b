package io.mailferry.inventory.agent;

import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Tokens with which agents of one tenant enrol; kept as hashes, with the enrolments left. */
@Singleton
final class EnrolmentTokens {
    private final TenantTransactions transactions;
    private final Clock clock;
    private final SecureRandom randomness;

    EnrolmentTokens(TenantTransactions transactions, Clock clock, SecureRandom randomness) {
        this.transactions = transactions;
        this.clock = clock;
        this.randomness = randomness;
    }

    record Issued(Secret token, int uses, Instant expiresAt) {}

    Issued issue(TenantId tenant, int uses, Duration validity, String operator) {
        Secret token = Secret.random(randomness);
        Instant now = clock.instant();
        Instant expiresAt = now.plus(validity);
        transactions.useTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .execute("""
                        INSERT INTO enrolment_token (token, tenant, sha256, uses_left, expires_at, created_by, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?)""", UUID.randomUUID(), tenant, token.sha256(), uses, expiresAt, operator, now));
        return new Issued(token, uses, expiresAt);
    }

    /** Takes one use of the token; empty if it is unknown, used up or expired, which all look the same from outside. */
    Optional<TenantId> use(Transaction acrossTenants, Secret token) {
        if (!token.isPlausible()) {
            return Optional.empty();
        }
        return acrossTenants
                .handle()
                .createQuery("""
                        UPDATE enrolment_token SET uses_left = uses_left - 1
                        WHERE sha256 = :sha256 AND uses_left > 0 AND expires_at > :now
                        RETURNING tenant""")
                .bind("sha256", token.sha256())
                .bind("now", clock.instant())
                .mapTo(TenantId.class)
                .findOne();
    }
}
