package io.mailferry.inventory.agent;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agents' own way in, apart from the operators': a bearer credential that names agent and tenant, whatever the
 * request's path or body says. Nothing is remembered between requests, so a revocation holds from the next one on.
 */
@Singleton
public final class Credentials {
    private static final String SCHEME = "Bearer ";

    private final TenantTransactions transactions;
    private final Clock clock;
    private final SecureRandom randomness;
    private final Duration validity;

    Credentials(TenantTransactions transactions, Clock clock, SecureRandom randomness, AgentSettings settings) {
        this.transactions = transactions;
        this.clock = clock;
        this.randomness = randomness;
        this.validity = settings.credentialValidity();
    }

    /** Who is calling. */
    public record Caller(TenantId tenant, AgentId agent) {}

    /**
     * A fresh credential, shown once to its agent.
     *
     * @param expiresAt null for never
     */
    record Issued(
            Secret secret,
            @Nullable Instant expiresAt,
            @Nullable Instant renewFrom) {}

    private record Found(Caller caller, boolean endsPrevious) {}

    /**
     * @param authorisation the header, if there was one
     * @param addressed the agent in the request's path
     * @throws ProblemException 401 without a good credential, 404 when it belongs to another agent
     */
    public Caller authenticate(@Nullable String authorisation, AgentId addressed) {
        Secret credential = bearer(authorisation);
        Caller caller = transactions.acrossTenants(transaction -> {
            Found found = find(transaction, credential).orElseThrow(ProblemException::unauthorised);
            if (found.endsPrevious()) {
                endPrevious(transaction, credential);
            }
            return found.caller();
        });
        if (!caller.agent().equals(addressed)) {
            throw ProblemException.notFound();
        }
        return caller;
    }

    /**
     * The form in which the credential of this header is kept.
     *
     * @throws ProblemException 401 if there is none that could be ours
     */
    public static String sha256Of(@Nullable String authorisation) {
        return bearer(authorisation).sha256();
    }

    private static Secret bearer(@Nullable String authorisation) {
        if (authorisation == null || !authorisation.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw ProblemException.unauthorised();
        }
        Secret credential = new Secret(authorisation.substring(SCHEME.length()).strip());
        if (!credential.isPlausible()) {
            throw ProblemException.unauthorised();
        }
        return credential;
    }

    private Optional<Found> find(Transaction acrossTenants, Secret credential) {
        return acrossTenants
                .handle()
                .createQuery("""
                        SELECT tenant, agent, credential_sha256 = :sha256 AND previous_credential_sha256 IS NOT NULL AS ends_previous
                        FROM agent
                        WHERE revoked_at IS NULL
                            AND (credential_sha256 = :sha256 AND coalesce(credential_expires_at > :now, true)
                                OR previous_credential_sha256 = :sha256
                                    AND coalesce(previous_credential_expires_at > :now, true))""")
                .bind("sha256", credential.sha256())
                .bind("now", clock.instant())
                .map((row, context) -> new Found(
                        new Caller(TenantId.of(row.getString("tenant")), AgentId.of(row.getString("agent"))),
                        row.getBoolean("ends_previous")))
                .findOne();
    }

    /** The new credential has arrived, as its use shows; from now on the old one opens nothing. */
    private static void endPrevious(Transaction acrossTenants, Secret credential) {
        acrossTenants.handle().execute("""
                        UPDATE agent SET previous_credential_sha256 = NULL, previous_credential_expires_at = NULL
                        WHERE credential_sha256 = ?""", credential.sha256());
    }

    Issued issue() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Secret secret = Secret.random(randomness);
        return validity.isPositive()
                ? new Issued(
                        secret,
                        now.plus(validity),
                        now.plus(validity.multipliedBy(2).dividedBy(3)).truncatedTo(ChronoUnit.MILLIS))
                : new Issued(secret, null, null);
    }

    /**
     * A new credential in the place of the one that is used. The old one stays good until the new one is used, so whoever
     * has not got the answer asks again with the old one; what was issued and never used is void then.
     */
    Issued renew(@Nullable String authorisation, AgentId addressed) {
        Caller caller = authenticate(authorisation, addressed);
        Secret used = bearer(authorisation);
        Issued issued = issue();
        int renewed = transactions.inTenant(
                caller.tenant(),
                transaction -> transaction
                        .handle()
                        .createUpdate("""
                        UPDATE agent SET
                            previous_credential_expires_at = CASE WHEN credential_sha256 = :used
                                THEN credential_expires_at ELSE previous_credential_expires_at END,
                            previous_credential_sha256 = :used,
                            credential_sha256 = :sha256, credential_expires_at = :expiresAt
                        WHERE agent = :agent AND revoked_at IS NULL
                            AND (credential_sha256 = :used OR previous_credential_sha256 = :used)""")
                        .bind("used", used.sha256())
                        .bind("sha256", issued.secret().sha256())
                        .bind("expiresAt", issued.expiresAt())
                        .bind("agent", caller.agent())
                        .execute());
        if (renewed == 0) {
            // Revoked or renewed by somebody else since it was looked at.
            throw ProblemException.unauthorised();
        }
        return issued;
    }
}
