package io.mailferry.restore.verification;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.restorepoint.DamageCause;
import io.mailferry.archive.restorepoint.Finding;
import io.mailferry.archive.restorepoint.FoundDamage;
import io.mailferry.archive.restorepoint.IncompleteReason;
import io.mailferry.archive.restorepoint.Verdict;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.restore.RestoreParts;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a holder says of its job on a real PostgreSQL: every state as it was said, and nothing of a former holder. */
@QuarkusTest
@QuarkusTestResource(RestoreParts.class)
class TurnsIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MICROS);
    /** Later than any test, so that the service's own workers leave the job alone. */
    private static final Instant MUCH_LATER = NOW.plus(1, ChronoUnit.HOURS);

    @Inject
    TenantTransactions transactions;

    @Inject
    VerificationTable table;

    @Inject
    Turns turns;

    @Inject
    VerificationSettings settings;

    @Inject
    VerificationMetrics metrics;

    @Inject
    MeterRegistry meters;

    private final UUID holder = UUID.randomUUID();
    private final Verification queued = new Verification(
            JobId.random(),
            TenantId.random(),
            MailboxId.random(),
            Optional.of(RestorePointId.random()),
            Optional.of(new Verification.Commanded(CommandId.random(), ServerId.random(), MUCH_LATER)),
            NOW,
            0,
            0,
            new VerificationState.Queued(MUCH_LATER));

    @Test
    void keepsEveryStateAsItWasSaid() {
        Finding sound = finding(Map.of(), List.of());
        Finding damaged = finding(
                Map.of(DamageCause.MISSING_OBJECT, 1L),
                List.of(new FoundDamage("t/x", Optional.empty(), DamageCause.MISSING_OBJECT)));
        for (VerificationState said : List.of(
                new VerificationState.Queued(MUCH_LATER.plusSeconds(1)),
                new VerificationState.Proven(sound, NOW),
                new VerificationState.Damaged(damaged, NOW),
                new VerificationState.Failed(FailureCategory.PERMANENT, FailureCause.KEY_MISSING, NOW))) {
            Verification job = running();
            assertThat(job.state()).isEqualTo(new VerificationState.Running(holder, MUCH_LATER, 0, 0, 0));
            assertThat(conclude(job, holder, said)).isTrue();
            assertThat(find(job)).isEqualTo(withState(job, said));
        }
    }

    @Test
    void ignoresWhatAFormerHolderSays() {
        Verification job = running();
        Turn late = new Turn(job, UUID.randomUUID());

        turns.prolong(late);
        turns.conclude(late, new Verdict.Found(finding(Map.of(), List.of())));

        assertThat(late.stopped()).isTrue();
        assertThat(find(job)).isEqualTo(job);
        assertThat(told(job)).isZero();
    }

    @Test
    void tellsWhatTheHolderSaysWithItsState() {
        Verification job = running();

        turns.conclude(new Turn(job, holder), new Verdict.Found(finding(Map.of(), List.of())));

        assertThat(find(job).state()).isInstanceOf(VerificationState.Proven.class);
    }

    @Test
    void triesAgainLaterWhileTheStoreIsAway() {
        Verification job = running();

        turns.conclude(new Turn(job, holder), new Verdict.StoreFailed(FailureCategory.TRANSIENT));

        assertThat(find(job).state()).isNotInstanceOf(VerificationState.Failed.class);
    }

    @Test
    void countsNoAttemptWhenAWorkerHasToStop() {
        Verification job = running();
        double before = meters.counter("mailferry.restore.handed.back").count();

        handingBackAt(MUCH_LATER).conclude(new Turn(job, holder), new Verdict.Stopped());

        assertThat(find(job).state()).isEqualTo(new VerificationState.Queued(MUCH_LATER));
        assertThat(find(job).attempts()).isZero();
        assertThat(find(job).handedBack()).isEqualTo(1);
        assertThat(meters.counter("mailferry.restore.handed.back").count()).isEqualTo(before + 1);
        assertThat(told(job)).isZero();
    }

    @Test
    void countsNoAttemptWhenTheStoreFailsAWorkerThatHasToStop() {
        Verification job = running();
        Turn turn = new Turn(job, holder);
        turn.stop();

        handingBackAt(MUCH_LATER).conclude(turn, new Verdict.StoreFailed(FailureCategory.TRANSIENT));

        assertThat(find(job).state()).isEqualTo(new VerificationState.Queued(MUCH_LATER));
        assertThat(find(job).attempts()).isZero();
    }

    @Test
    void handsNothingBackThatAnotherHolds() {
        Verification job = running();

        handingBackAt(MUCH_LATER).conclude(new Turn(job, UUID.randomUUID()), new Verdict.Stopped());

        assertThat(find(job)).isEqualTo(job);
    }

    /** Begun in time is begun: what a worker had to stop may be ended by the next, however late that is free. */
    @Test
    void goesOnWithWhatWasHandedBackAfterItsCommandExpired() {
        Instant later = NOW.plus(30, ChronoUnit.MINUTES);
        Verification expired = running(NOW.minusSeconds(1));
        Turns then = handingBackAt(later);
        then.conclude(new Turn(expired, holder), new Verdict.Stopped());

        Optional<Turn> begun = Optional.empty();
        // Others' jobs may wait longer.
        for (int tries = 0; tries < 100 && begun.isEmpty(); tries++) {
            begun = then.begin().filter(turn -> turn.job().job().equals(expired.job()));
        }

        assertThat(begun).isPresent();
        assertThat(told(expired)).isZero();
    }

    @Test
    void waitsForNoLockAndNoStatementWithoutEnd() {
        List<String> limits = transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT unnest(ARRAY[current_setting('lock_timeout'), current_setting('statement_timeout')])")
                .mapTo(String.class)
                .list());

        assertThat(limits).containsExactly("10s", "20s");
    }

    /** Turns at a time when none of the service's own workers takes the job up. */
    private Turns handingBackAt(Instant then) {
        return new Turns(transactions, table, settings, metrics, Clock.fixed(then, ZoneOffset.UTC));
    }

    /** A row of its own that this test holds. */
    private Verification running() {
        return running(MUCH_LATER);
    }

    private Verification running(Instant expiresAt) {
        Verification own = new Verification(
                JobId.random(),
                queued.tenant(),
                queued.mailbox(),
                queued.wanted(),
                queued.commanded().map(by -> new Verification.Commanded(CommandId.random(), by.server(), expiresAt)),
                queued.requestedAt(),
                0,
                0,
                queued.state());
        transactions.useTenant(own.tenant(), transaction -> {
            assertThat(table.insert(transaction.handle(), own)).isTrue();
            transaction
                    .handle()
                    .execute(
                            "UPDATE verification SET state = 'running', lease_holder = ?, lease_until = ?, attempts = 1"
                                    + " WHERE job = ?",
                            holder,
                            Timestamp.from(MUCH_LATER),
                            own.job().value());
        });
        return find(own);
    }

    private Verification find(Verification job) {
        return transactions.acrossTenants(
                transaction -> table.find(transaction.handle(), job.job()).orElseThrow());
    }

    private boolean conclude(Verification job, UUID by, VerificationState state) {
        return transactions.inTenant(
                job.tenant(), transaction -> table.conclude(transaction.handle(), job.job(), by, state));
    }

    private long told(Verification job) {
        return transactions.acrossTenants(transaction -> transaction
                .handle()
                .select(
                        "SELECT count(*) FROM outbox WHERE tenant = ?",
                        job.tenant().value())
                .mapTo(Long.class)
                .one());
    }

    private static Verification withState(Verification job, VerificationState state) {
        return new Verification(
                job.job(),
                job.tenant(),
                job.mailbox(),
                job.wanted(),
                job.commanded(),
                job.requestedAt(),
                job.attempts(),
                job.handedBack(),
                state);
    }

    private static Finding finding(Map<DamageCause, Long> damages, List<FoundDamage> named) {
        return new Finding(
                RestorePointId.random(),
                7,
                false,
                Set.of(IncompleteReason.HEAD_DIFFERS),
                5,
                50,
                Map.of(SkipCause.ITEM_CORRUPT, 1L),
                damages,
                named);
    }
}
