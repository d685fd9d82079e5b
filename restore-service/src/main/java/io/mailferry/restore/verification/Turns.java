package io.mailferry.restore.verification;

import io.mailferry.archive.restorepoint.Finding;
import io.mailferry.archive.restorepoint.Verdict;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.restore.RestoreEvent;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Begins, prolongs and ends turns: each is one transaction with what is told of it. */
@Singleton
final class Turns {
    private static final Logger LOG = Logger.getLogger(Turns.class);

    private final TenantTransactions transactions;
    private final VerificationTable table;
    private final VerificationSettings settings;
    private final VerificationMetrics metrics;
    private final Clock clock;

    Turns(
            TenantTransactions transactions,
            VerificationTable table,
            VerificationSettings settings,
            VerificationMetrics metrics,
            Clock clock) {
        this.transactions = transactions;
        this.table = table;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The next job, if there is one that may be begun; one that was begun too often or too late is ended instead. */
    Optional<Turn> begin() {
        UUID holder = UUID.randomUUID();
        Instant now = now();
        Optional<Turn> taken = transactions
                .acrossTenants(transaction -> table.take(transaction.handle(), holder, now, now.plus(settings.lease())))
                .map(job -> new Turn(job, holder));
        return taken.flatMap(this::orEnd);
    }

    private Optional<Turn> orEnd(Turn turn) {
        boolean late = turn.job()
                .commanded()
                .filter(by -> now().isAfter(by.expiresAt()))
                .isPresent();
        if (late && turn.job().firstBegun()) {
            fail(turn, FailureCategory.PERMANENT, FailureCause.EXPIRED);
            return Optional.empty();
        }
        if (turn.job().attempts() > settings.attemptsMax()) {
            fail(turn, FailureCategory.PERMANENT, FailureCause.UNEXPECTED);
            return Optional.empty();
        }
        return Optional.of(turn);
    }

    /** Keeps the job for this turn and tells how far it is. */
    void prolong(Turn turn) {
        VerificationState.Running running = turn.running(now().plus(settings.lease()));
        boolean held = transactions.inTenant(turn.job().tenant(), transaction -> {
            boolean renewed = table.renew(transaction.handle(), turn.job().job(), running);
            if (renewed && turn.hasNews(running)) {
                turn.job()
                        .commanded()
                        .ifPresent(by -> transaction.publish(new CommandResult.CommandProgressed(
                                turn.job().tenant(),
                                by.server(),
                                by.command(),
                                running.items(),
                                running.bytes(),
                                running.expectedItems())));
            }
            return renewed;
        });
        if (!held) {
            LOG.warnf(
                    "verification job lost to another worker job=%s", turn.job().job());
            turn.stop();
        }
    }

    /** Ends the turn by what was found. */
    void conclude(Turn turn, Verdict verdict) {
        switch (verdict) {
            case Verdict.Found found -> found(turn, found.finding());
            case Verdict.NoRestorePoint _ -> fail(turn, FailureCategory.PERMANENT, FailureCause.NO_RESTORE_POINT);
            case Verdict.KeyAbsent absent -> {
                LOG.errorf("key missing tenantId=%s key=%s", turn.job().tenant(), absent.name());
                fail(turn, FailureCategory.PERMANENT, FailureCause.KEY_MISSING);
            }
            case Verdict.KeyUnreadable unreadable -> {
                LOG.errorf("key unreadable tenantId=%s key=%s", turn.job().tenant(), unreadable.name());
                fail(turn, FailureCategory.PERMANENT, FailureCause.KEY_UNREADABLE);
            }
            case Verdict.ScratchExhausted _ -> fail(turn, FailureCategory.PERMANENT, FailureCause.SCRATCH_EXHAUSTED);
            case Verdict.StoreFailed failed -> failed(turn, failed.category(), storeCause(failed.category()));
            case Verdict.Stopped _ -> handBack(turn);
        }
    }

    /** Ends the turn after a defect of ours; it may be tried again. */
    void concludeUnexpected(Turn turn) {
        failed(turn, FailureCategory.TRANSIENT, FailureCause.UNEXPECTED);
    }

    private static FailureCause storeCause(FailureCategory category) {
        return switch (category) {
            case TRANSIENT, THROTTLED -> FailureCause.STORE_UNAVAILABLE;
            case PERMANENT, POISON -> FailureCause.STORE_REFUSES;
        };
    }

    private void failed(Turn turn, FailureCategory category, FailureCause cause) {
        switch (category) {
            case TRANSIENT, THROTTLED -> {
                if (turn.stopped()) {
                    handBack(turn);
                } else if (turn.job().attempts() >= settings.attemptsMax()) {
                    fail(turn, category, cause);
                } else {
                    Instant next = now().plus(pauseAfter(turn.job().attempts()));
                    end(turn, new VerificationState.Queued(next), _ -> {});
                }
            }
            case PERMANENT, POISON -> fail(turn, category, cause);
        }
    }

    private void found(Turn turn, Finding finding) {
        Verification job = turn.job();
        boolean sound = finding.damages().isEmpty();
        VerificationState state =
                sound ? new VerificationState.Proven(finding, now()) : new VerificationState.Damaged(finding, now());
        boolean told = end(turn, state, transaction -> {
            transaction.publish(event(job, finding));
            job.commanded().ifPresent(by -> transaction.publish(result(job, by, finding)));
        });
        if (told) {
            metrics.found(finding);
            finding.named()
                    .forEach(damage -> LOG.errorf(
                            "damage found mailboxId=%s restorePointId=%s object=%s item=%s cause=%s",
                            job.mailbox(),
                            finding.restorePoint(),
                            damage.object(),
                            damage.item().orElse(null),
                            damage.cause()));
        }
    }

    private static RestoreEvent event(Verification job, Finding finding) {
        return finding.damages().isEmpty()
                ? new RestoreEvent.RestorePointVerified(
                        job.tenant(),
                        job.mailbox(),
                        finding.restorePoint(),
                        finding.items(),
                        finding.bytes(),
                        finding.skippedItems())
                : new RestoreEvent.RestorePointDamaged(
                        job.tenant(),
                        job.mailbox(),
                        finding.restorePoint(),
                        finding.damages().entrySet().stream()
                                .collect(
                                        Collectors.toMap(entry -> entry.getKey().name(), entry -> entry.getValue())));
    }

    /** A damaged restore point fails the command, so that no plan goes on from it by mistake. */
    private static CommandResult result(Verification job, Verification.Commanded by, Finding finding) {
        if (!finding.damages().isEmpty()) {
            return new CommandResult.CommandFailed(
                    job.tenant(), by.server(), by.command(), FailureCategory.PERMANENT, "RESTORE_POINT_DAMAGED");
        }
        return new CommandResult.CommandSucceeded(
                job.tenant(),
                by.server(),
                by.command(),
                new Outcome.RestorePointProven(
                        finding.restorePoint(),
                        finding.items(),
                        finding.bytes(),
                        finding.skippedItems(),
                        finding.damaged(),
                        finding.complete()));
    }

    private void fail(Turn turn, FailureCategory category, FailureCause cause) {
        Verification job = turn.job();
        boolean told = end(
                turn,
                new VerificationState.Failed(category, cause, now()),
                transaction -> job.commanded()
                        .ifPresent(by -> transaction.publish(
                                cause == FailureCause.EXPIRED
                                        ? new CommandResult.CommandExpired(job.tenant(), by.server(), by.command())
                                        : new CommandResult.CommandFailed(
                                                job.tenant(), by.server(), by.command(), category, cause.name()))));
        if (told) {
            metrics.failed(cause);
            LOG.warnf("verification failed job=%s mailboxId=%s cause=%s", job.job(), job.mailbox(), cause);
        }
    }

    /** Gives the job to whoever takes it next, at once: that this worker had to stop is no attempt at the job. */
    void handBack(Turn turn) {
        Verification job = turn.job();
        boolean held = transactions.inTenant(
                job.tenant(), transaction -> table.handBack(transaction.handle(), job.job(), turn.holder(), now()));
        if (held) {
            metrics.handedBack();
            LOG.infof("verification handed back job=%s mailboxId=%s", job.job(), job.mailbox());
        }
    }

    /** @return false if the turn had been lost, so that nothing was told */
    private boolean end(Turn turn, VerificationState state, Consumer<Transaction> tell) {
        Function<Transaction, Boolean> work = transaction -> {
            boolean mine = table.conclude(transaction.handle(), turn.job().job(), turn.holder(), state);
            if (mine) {
                tell.accept(transaction);
            }
            return mine;
        };
        return transactions.inTenant(turn.job().tenant(), work);
    }

    private Duration pauseAfter(int attempts) {
        Duration pause = settings.pauseFirst().multipliedBy(1L << Math.min(attempts - 1, 20));
        return pause.compareTo(settings.pauseMax()) > 0 ? settings.pauseMax() : pause;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
