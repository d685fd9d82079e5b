package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.agent.Credentials.Caller;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The short way into the gateway, for groups of heartbeats in one transaction and one statement: a good credential, the
 * addressed agent, the same boot, a risen sequence. Whatever is otherwise finds no answer here and goes the long way,
 * which alone knows why and what to say. Nothing is remembered between groups, so a credential that was withdrawn opens
 * nothing from the next heartbeat on, at every replica.
 */
@Singleton
final class Admissions {
    /** Rows are locked in the agents' order, as the consumer does too, so that two groups cannot wait for each other. */
    private static final String ADMIT = """
            WITH known AS (
                SELECT agent, tenant, credential_sha256, seen_boot_id, seen_sequence, status_hash
                FROM agent
                WHERE credential_sha256 = ANY (:credentials) AND revoked_at IS NULL
                    AND previous_credential_sha256 IS NULL AND coalesce(credential_expires_at > :now, true)
                ORDER BY agent FOR NO KEY UPDATE
            ), admitted AS (
                SELECT a.number, a.sequence, k.tenant, k.agent, k.status_hash
                FROM unnest(:numbers, :credentials, :addressed, :boots, :sequences)
                        AS a (number, credential, addressed, boot, sequence)
                    JOIN known k ON k.credential_sha256 = a.credential AND k.agent = a.addressed
                        AND k.seen_boot_id = a.boot AND k.seen_sequence < a.sequence
            ), written AS (
                UPDATE agent SET seen_sequence = admitted.sequence, seen_at = :now
                FROM admitted WHERE agent.agent = admitted.agent
            )
            SELECT number, tenant, agent, status_hash, EXISTS (
                SELECT 1 FROM agent_command c WHERE c.agent = admitted.agent
                    AND c.state IN ('QUEUED', 'DELIVERED', 'ACCEPTED', 'RUNNING')) AS has_commands
            FROM admitted""";

    private static final String RECOGNISE = """
            SELECT a.number, g.tenant, g.agent
            FROM unnest(:numbers, :credentials, :addressed) AS a (number, credential, addressed)
                JOIN agent g ON g.credential_sha256 = a.credential AND g.agent = a.addressed
            WHERE g.revoked_at IS NULL AND g.previous_credential_sha256 IS NULL
                AND coalesce(g.credential_expires_at > :now, true)""";

    private final TenantTransactions transactions;
    private final Clock clock;
    private final Groups<Beat, Optional<Admitted>> beats;
    private final Groups<Claim, Optional<Caller>> claims;
    private final DistributionSummary sizes;

    Admissions(TenantTransactions transactions, Clock clock, GatewaySettings settings, MeterRegistry meters) {
        this.transactions = transactions;
        this.clock = clock;
        this.sizes = DistributionSummary.builder("mailferry.inventory.admission.group")
                .description("Heartbeats let in by one transaction")
                .register(meters);
        Groups.Limits limits = new Groups.Limits(
                settings.admissionWorkers(),
                settings.admissionGroupMax(),
                settings.admissionWaitingMax(),
                settings.admissionWithin());
        this.beats = new Groups<>("admission", limits, Beat::credentialSha256, this::admitAll);
        this.claims = new Groups<>("recognition", limits, claim -> claim, this::recogniseAll);
        meters.gauge("mailferry.inventory.admission.waiting", this, Admissions::waiting);
    }

    /** A heartbeat as far as its admission needs it. */
    record Beat(String credentialSha256, AgentId addressed, UUID boot, long sequence) {}

    private record Claim(String credentialSha256, AgentId addressed) {}

    /**
     * @param appliedStatusHash of the status that the inventory reflects, null before the first one
     * @param hasCommands whether there is anything to say to the agent beyond the interval
     */
    record Admitted(Caller caller, @Nullable String appliedStatusHash, boolean hasCommands) {}

    /**
     * Lets in a heartbeat that merely follows the last one. Empty for any other, which has then changed nothing.
     *
     * @throws io.mailferry.access.problem.ProblemException 503 when too many wait
     */
    Optional<Admitted> admit(Beat beat) {
        return beats.ask(beat);
    }

    /** Whose credential this is, if it is the addressed agent's and good. */
    Optional<Caller> recognise(String credentialSha256, AgentId addressed) {
        return claims.ask(new Claim(credentialSha256, addressed));
    }

    /** How long heartbeats wait at present. */
    Duration lastWait() {
        return beats.lastWait();
    }

    private int waiting() {
        return beats.waiting() + claims.waiting();
    }

    void close(@Observes ShutdownEvent stopping) {
        beats.close();
        claims.close();
    }

    private List<Optional<Admitted>> admitAll(List<Beat> asked) {
        sizes.record(asked.size());
        return transactions.acrossTenants(transaction -> inOrder(
                asked.size(),
                transaction
                        .handle()
                        .createQuery(ADMIT)
                        .bindArray("numbers", Integer.class, numbers(asked))
                        .bindArray("credentials", String.class, column(asked, Beat::credentialSha256))
                        .bindArray(
                                "addressed",
                                UUID.class,
                                column(asked, beat -> beat.addressed().value()))
                        .bindArray("boots", UUID.class, column(asked, Beat::boot))
                        .bindArray("sequences", Long.class, column(asked, Beat::sequence))
                        .bind("now", clock.instant())
                        .map((row, context) -> new Numbered<>(
                                row.getInt("number"),
                                new Admitted(
                                        caller(row), row.getString("status_hash"), row.getBoolean("has_commands"))))
                        .list()));
    }

    private List<Optional<Caller>> recogniseAll(List<Claim> asked) {
        return transactions.acrossTenants(transaction -> inOrder(
                asked.size(),
                transaction
                        .handle()
                        .createQuery(RECOGNISE)
                        .bindArray("numbers", Integer.class, numbers(asked))
                        .bindArray("credentials", String.class, column(asked, Claim::credentialSha256))
                        .bindArray(
                                "addressed",
                                UUID.class,
                                column(asked, claim -> claim.addressed().value()))
                        .bind("now", clock.instant())
                        .map((row, context) -> new Numbered<>(row.getInt("number"), caller(row)))
                        .list()));
    }

    private static Caller caller(ResultSet row) throws SQLException {
        return new Caller(
                new TenantId(row.getObject("tenant", UUID.class)), new AgentId(row.getObject("agent", UUID.class)));
    }

    private record Numbered<A>(int number, A answer) {}

    private static <Q, A> List<A> column(List<Q> asked, Function<Q, A> value) {
        return asked.stream().map(value).toList();
    }

    private static List<Integer> numbers(List<?> asked) {
        return IntStream.range(0, asked.size()).boxed().toList();
    }

    private static <A> List<Optional<A>> inOrder(int asked, List<Numbered<A>> found) {
        List<Optional<A>> answers = new ArrayList<>(Collections.nCopies(asked, Optional.empty()));
        found.forEach(each -> answers.set(each.number(), Optional.of(each.answer())));
        return answers;
    }
}
