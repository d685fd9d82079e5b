package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.agent.Credentials.Caller;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The short way into the gateway, for groups of heartbeats in one transaction: a good credential, the
 * addressed agent, the same boot, a risen sequence. Whatever is otherwise finds no answer here and goes the long way,
 * which alone knows why and what to say. Nothing is remembered between groups, so a credential that was withdrawn opens
 * nothing from the next heartbeat on, at every replica.
 */
@Singleton
final class Admissions {
    /** Rows are locked in the agents' order, as the consumer does too, so that two groups cannot wait for each other. */
    private static final String LOCK = """
            SELECT a.number, g.tenant, g.agent, g.status_hash, EXISTS (
                SELECT 1 FROM agent_command c WHERE c.agent = g.agent
                    AND c.state IN ('QUEUED', 'DELIVERED', 'ACCEPTED', 'RUNNING')) AS has_commands
            FROM unnest(:numbers, :credentials, :addressed, :boots, :sequences)
                    AS a (number, credential, addressed, boot, sequence)
                JOIN agent g ON g.credential_sha256 = a.credential AND g.agent = a.addressed
                    AND g.seen_boot_id = a.boot AND g.seen_sequence < a.sequence
            WHERE g.revoked_at IS NULL AND g.previous_credential_sha256 IS NULL
                AND coalesce(g.credential_expires_at > :now, true)
            ORDER BY g.agent FOR NO KEY UPDATE OF g""";

    /**
     * A statement of its own: one that locks and writes at once overlooks, when it writes, a row that somebody else wrote
     * while it waited for the lock.
     */
    private static final String WRITE = """
            UPDATE agent SET seen_sequence = a.sequence, seen_at = :now
            FROM unnest(:agents, :sequences) AS a (agent, sequence) WHERE agent.agent = a.agent""";

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
        Instant now = clock.instant();
        return transactions.acrossTenants(transaction -> {
            List<Numbered<Admitted>> admitted = lock(transaction, asked, now);
            transaction
                    .handle()
                    .createUpdate(WRITE)
                    .bindArray(
                            "agents",
                            UUID.class,
                            column(
                                    admitted,
                                    each -> each.answer().caller().agent().value()))
                    .bindArray(
                            "sequences",
                            Long.class,
                            column(admitted, each -> asked.get(each.number()).sequence()))
                    .bind("now", now)
                    .execute();
            return inOrder(asked.size(), admitted);
        });
    }

    private static List<Numbered<Admitted>> lock(Transaction transaction, List<Beat> asked, Instant now) {
        return transaction
                .handle()
                .createQuery(LOCK)
                .bindArray("numbers", Integer.class, numbers(asked))
                .bindArray("credentials", String.class, column(asked, Beat::credentialSha256))
                .bindArray(
                        "addressed",
                        UUID.class,
                        column(asked, beat -> beat.addressed().value()))
                .bindArray("boots", UUID.class, column(asked, Beat::boot))
                .bindArray("sequences", Long.class, column(asked, Beat::sequence))
                .bind("now", now)
                .map((row, context) -> new Numbered<>(
                        row.getInt("number"),
                        new Admitted(caller(row), row.getString("status_hash"), row.getBoolean("has_commands"))))
                .list();
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
