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
 * The agents' own way in, apart from the operators': a bearer credential or a certificate, whose row names agent and tenant
 * whatever the request's path or body says. Nothing is remembered between requests, so a revocation holds from the next one
 * on.
 */
@Singleton
public final class Credentials {
    private final TenantTransactions transactions;
    private final Clock clock;
    private final SecureRandom randomness;
    private final Duration validity;
    private final Duration certificateValidityMax;

    Credentials(TenantTransactions transactions, Clock clock, SecureRandom randomness, AgentSettings settings) {
        this.transactions = transactions;
        this.clock = clock;
        this.randomness = randomness;
        this.validity = settings.credentialValidity();
        this.certificateValidityMax = settings.certificateValidityMax();
    }

    /** Who is calling. */
    public record Caller(TenantId tenant, AgentId agent) {}

    /**
     * What an agent has from now on.
     *
     * @param secret shown once to its agent; null where a certificate takes its place
     * @param kept the form in which it is kept
     * @param expiresAt null for never
     */
    record Issued(
            @Nullable Secret secret,
            String kept,
            @Nullable Instant expiresAt,
            @Nullable Instant renewFrom) {
        /** What is told to the agent. */
        @Nullable
        String shown() {
            return secret == null ? null : secret.text();
        }
    }

    private record Found(Caller caller, boolean endsPrevious) {}

    /**
     * @param addressed the agent in the request's path
     * @throws ProblemException 401 without a good credential, 400 with two, 404 when it belongs to another agent
     */
    public Caller authenticate(Presented presented, AgentId addressed) {
        String kept = presented.kept();
        Caller caller = transactions.acrossTenants(transaction -> {
            Found found = find(transaction, kept).orElseThrow(ProblemException::unauthorised);
            if (found.endsPrevious()) {
                endPrevious(transaction, kept);
            }
            return found.caller();
        });
        if (!caller.agent().equals(addressed)) {
            throw ProblemException.notFound();
        }
        return caller;
    }

    private Optional<Found> find(Transaction acrossTenants, String kept) {
        return acrossTenants
                .handle()
                .createQuery("""
                        SELECT tenant, agent, credential_sha256 = :sha256 AND previous_credential_sha256 IS NOT NULL AS ends_previous
                        FROM agent
                        WHERE revoked_at IS NULL
                            AND (credential_sha256 = :sha256 AND coalesce(credential_expires_at > :now, true)
                                OR previous_credential_sha256 = :sha256
                                    AND coalesce(previous_credential_expires_at > :now, true))""")
                .bind("sha256", kept)
                .bind("now", clock.instant())
                .map((row, context) -> new Found(
                        new Caller(TenantId.of(row.getString("tenant")), AgentId.of(row.getString("agent"))),
                        row.getBoolean("ends_previous")))
                .findOne();
    }

    /** The new credential has arrived, as its use shows; from now on the old one opens nothing. */
    private static void endPrevious(Transaction acrossTenants, String kept) {
        acrossTenants.handle().execute("""
                        UPDATE agent SET previous_credential_sha256 = NULL, previous_credential_expires_at = NULL
                        WHERE credential_sha256 = ?""", kept);
    }

    Issued issue() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Secret secret = Secret.random(randomness);
        return validity.isPositive()
                ? issued(secret, secret.sha256(), now, now.plus(validity))
                : new Issued(secret, secret.sha256(), null, null);
    }

    /**
     * For as long as the certificate itself, unless that is longer than is permitted.
     *
     * @param holder the agent that may have it already, if any
     * @throws ProblemException 400 for one that is no credential, 409 for one that is another agent's
     */
    Issued issue(Transaction acrossTenants, ClientCertificate certificate, @Nullable AgentId holder) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<String> flaw = certificate.flaw(now);
        if (flaw.isPresent()) {
            throw ProblemException.invalid("certificate", flaw.get());
        }
        claim(acrossTenants, certificate, holder);
        Instant longest = now.plus(certificateValidityMax);
        Instant end = certificate.endsAt();
        return issued(null, certificate.kept(), now, end.isBefore(longest) ? end : longest);
    }

    private static Issued issued(@Nullable Secret secret, String kept, Instant now, Instant end) {
        Duration untilRenewal = Duration.between(now, end).multipliedBy(2).dividedBy(3);
        return new Issued(secret, kept, end, now.plus(untilRenewal).truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * A certificate is one agent's and stays that: also a revoked agent's is nobody else's, and no agent that was revoked
     * comes back with the one it had.
     */
    private static void claim(Transaction acrossTenants, ClientCertificate certificate, @Nullable AgentId holder) {
        // Two columns cannot be unique together, so whoever claims one certificate waits for whoever else does.
        acrossTenants
                .handle()
                .select("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))::text", certificate.kept())
                .mapTo(String.class)
                .one();
        boolean isTaken = acrossTenants
                .handle()
                .createQuery("""
                        SELECT 1 FROM agent
                        WHERE (credential_sha256 = :kept OR previous_credential_sha256 = :kept)
                            AND agent IS DISTINCT FROM :holder""")
                .bind("kept", certificate.kept())
                .bind("holder", holder)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
        if (isTaken) {
            throw ProblemException.conflict(
                    "This certificate is an agent's already, or was one's that is revoked. Make" + " a new one.");
        }
    }

    /**
     * A new credential in the place of the one that is used. The old one stays good until the new one is used, so whoever
     * has not got the answer asks again with the old one; what was issued and never used is void then.
     */
    Issued renew(Presented presented, AgentId addressed) {
        Caller caller = authenticate(presented, addressed);
        Issued issued = issue();
        transactions.useTenant(
                caller.tenant(), transaction -> replace(transaction, caller.agent(), presented.kept(), issued));
        return issued;
    }

    /**
     * The certificate in the place of the bearer credential that is used, in the same way. Over the connection that shows
     * it, so that nobody takes a certificate whose key he has not.
     */
    Issued bind(Presented presented, AgentId addressed) {
        Presented bearer = presented.withoutCertificate();
        Caller caller = authenticate(bearer, addressed);
        ClientCertificate certificate = presented.certificate().orElseThrow(ClientCertificate::missing);
        return transactions.acrossTenants(transaction -> {
            Issued issued = issue(transaction, certificate, caller.agent());
            replace(transaction, caller.agent(), bearer.kept(), issued);
            return issued;
        });
    }

    private static void replace(Transaction transaction, AgentId agent, String used, Issued issued) {
        int replaced = transaction
                .handle()
                .createUpdate("""
                        UPDATE agent SET
                            previous_credential_expires_at = CASE WHEN credential_sha256 = :used
                                THEN credential_expires_at ELSE previous_credential_expires_at END,
                            previous_credential_sha256 = :used,
                            credential_sha256 = :kept, credential_expires_at = :expiresAt
                        WHERE agent = :agent AND revoked_at IS NULL
                            AND (credential_sha256 = :used OR previous_credential_sha256 = :used)""")
                .bind("used", used)
                .bind("kept", issued.kept())
                .bind("expiresAt", issued.expiresAt())
                .bind("agent", agent)
                .execute();
        if (replaced == 0) {
            // Revoked or renewed by somebody else since it was looked at.
            throw ProblemException.unauthorised();
        }
    }
}
