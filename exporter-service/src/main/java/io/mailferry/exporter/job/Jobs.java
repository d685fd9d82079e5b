package io.mailferry.exporter.job;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.export.ExportEvent;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.TransitionCommand.ExportMailbox;
import io.mailferry.exporter.attempt.Ending;
import io.mailferry.exporter.attempt.ExportTurn;
import io.mailferry.exporter.attempt.ExportedMailbox;
import io.mailferry.exporter.slot.ServerSlots;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Takes commands, begins, prolongs and ends turns: each is one transaction with what is told of it. */
@Singleton
final class Jobs {
    private static final Logger LOG = Logger.getLogger(Jobs.class);
    private static final String CONSUMER = "exporter.job";

    private final TenantTransactions transactions;
    private final JobTable table;
    private final ServerSlots slots;
    private final JobSettings settings;
    private final JobMetrics metrics;
    private final Clock clock;

    Jobs(
            TenantTransactions transactions,
            JobTable table,
            ServerSlots slots,
            JobSettings settings,
            JobMetrics metrics,
            Clock clock) {
        this.transactions = transactions;
        this.table = table;
        this.slots = slots;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Makes the command a job, once. */
    void on(EventId event, ExportMailbox command) {
        transactions.useTenant(command.tenant(), transaction -> {
            if (!transaction.firstSight(command.tenant(), event, CONSUMER)) {
                return;
            }
            Instant now = now();
            if (now.isAfter(command.expiresAt())) {
                transaction.publish(
                        new CommandResult.CommandExpired(command.tenant(), command.server(), command.command()));
                return;
            }
            Job job = new Job(
                    JobId.random(),
                    command.command(),
                    new ExportedMailbox(
                            command.tenant(),
                            command.server(),
                            command.mailbox(),
                            command.address(),
                            command.endpoint()),
                    now,
                    command.expiresAt(),
                    0,
                    0,
                    0,
                    null,
                    Job.Progress.NONE,
                    new JobState.Waiting(now, null));
            if (table.insert(transaction.handle(), job)) {
                transaction.publish(
                        new CommandResult.CommandAccepted(command.tenant(), command.server(), command.command()));
            }
        });
    }

    List<Job> list(TenantId tenant, Optional<MailboxId> mailbox) {
        return transactions.inTenant(tenant, transaction -> table.list(transaction.handle(), mailbox));
    }

    Map<String, Long> countByState() {
        return transactions.acrossTenants(transaction -> table.countByState(transaction.handle()));
    }

    /** The next job for which its server has room, if there is one; one that is too late or hopeless is ended. */
    Optional<Turn> begin() {
        return transactions.acrossTenants(transaction -> {
            Instant now = now();
            Optional<Job> next = table.lockNext(transaction.handle(), now);
            return next.flatMap(job -> begin(transaction, job, now));
        });
    }

    private Optional<Turn> begin(Transaction transaction, Job job, Instant now) {
        ExportedMailbox mailbox = job.mailbox();
        if (job.turns() == 0 && now.isAfter(job.expiresAt())) {
            table.conclude(transaction.handle(), job.job(), new JobState.Expired(now));
            transaction.publish(new CommandResult.CommandExpired(mailbox.tenant(), mailbox.server(), job.command()));
            return Optional.empty();
        }
        if (job.turnsInVain() >= settings.turnsInVainMax() || job.turnsAtPlace() >= settings.turnsAtOnePlaceMax()) {
            // Its workers died with it, again and again: what failed in words was counted when it failed.
            JobState.Failed failed = new JobState.Failed(FailureCategory.PERMANENT, "WorkersLost", now);
            table.conclude(transaction.handle(), job.job(), failed);
            tell(transaction, job, failed);
            return Optional.empty();
        }
        UUID lease = UUID.randomUUID();
        Instant until = now.plus(settings.lease());
        if (!slots.take(transaction.handle(), mailbox.tenant(), mailbox.server(), lease, now, until)) {
            return Optional.empty();
        }
        table.begin(transaction.handle(), job.job(), lease, until);
        return Optional.of(new Turn(
                job,
                lease,
                new ExportTurn(job.progress().bytes(), table.hasSucceeded(transaction.handle(), mailbox.tenant()))));
    }

    /** Keeps the job for this turn, tells how far it is, and moves the server's limit by what the turn met. */
    void prolong(Turn turn) {
        Instant now = now();
        Job job = turn.job();
        boolean held = transactions.acrossTenants(transaction -> {
            Instant until = now.plus(settings.lease());
            Job.Progress progress = turn.progress();
            boolean renewed = table.renew(
                    transaction.handle(),
                    job.job(),
                    turn.lease(),
                    until,
                    progress,
                    turn.export().hasStored());
            if (renewed) {
                slots.renew(transaction.handle(), turn.lease(), until);
                transaction.publish(new CommandResult.CommandProgressed(
                        job.mailbox().tenant(),
                        job.mailbox().server(),
                        job.command(),
                        progress.items(),
                        progress.bytes(),
                        progress.expectedItems()));
                noticed(transaction, turn, now);
            }
            return renewed;
        });
        if (!held && !turn.export().hasEnded()) {
            LOG.warnf("export lost to another worker job=%s", job.job());
            turn.export().stop();
        }
    }

    private void noticed(Transaction transaction, Turn turn, Instant now) {
        ExportedMailbox mailbox = turn.job().mailbox();
        slots.adapt(transaction.handle(), mailbox.server(), turn.export().pace().take(), now);
        var build = turn.export().build();
        if (build != null && slots.isNewBuild(transaction.handle(), mailbox.server(), build)) {
            transaction.publish(new ExportEvent.ServerBuildObserved(mailbox.tenant(), mailbox.server(), build));
        }
        turn.export()
                .takeGaps()
                .forEach(gap -> transaction.publish(
                        new ExportEvent.CoverageGapFound(mailbox.tenant(), mailbox.server(), mailbox.mailbox(), gap)));
    }

    /** Ends the turn as it ended. */
    void conclude(Turn turn, Ending ending) {
        turn.export().end();
        Instant now = now();
        JobState state = switch (ending) {
            case Ending.Finished finished -> new JobState.Succeeded(finished.outcome(), now);
            case Ending.Failed failed -> afterFailure(turn, failed, now);
            case Ending.Stopped _ -> new JobState.Waiting(now, null);
        };
        metrics.ended(ending);
        boolean told = transactions.acrossTenants(transaction -> {
            table.renew(
                    transaction.handle(),
                    turn.job().job(),
                    turn.lease(),
                    now,
                    turn.progress(),
                    turn.export().hasStored());
            slots.release(transaction.handle(), turn.lease());
            boolean ours = table.conclude(transaction.handle(), turn.job().job(), turn.lease(), state);
            if (ours) {
                noticed(transaction, turn, now);
                tell(transaction, turn.job(), state);
                if (ending instanceof Ending.Stopped) {
                    table.forgiveTurn(transaction.handle(), turn.job().job());
                }
                if (state instanceof JobState.Waiting && movedOn(turn)) {
                    table.moveOn(
                            transaction.handle(),
                            turn.job().job(),
                            Objects.requireNonNull(turn.export().place()));
                }
            }
            return ours;
        });
        LOG.infof(
                "export turn ended job=%s mailboxId=%s ending=%s items=%d told=%s",
                turn.job().job(),
                turn.job().mailbox().mailbox(),
                word(ending),
                turn.export().items(),
                told);
    }

    /** A turn that failed before the first folder says nothing of the place where others fail. */
    private static boolean movedOn(Turn turn) {
        String place = turn.export().place();
        return place != null && !place.equals(turn.job().place());
    }

    private JobState afterFailure(Turn turn, Ending.Failed failed, Instant now) {
        int inVain = turn.export().hasStored() ? 0 : turn.job().turnsInVain() + 1;
        boolean passing =
                failed.category() == FailureCategory.TRANSIENT || failed.category() == FailureCategory.THROTTLED;
        int atPlace = movedOn(turn) ? 1 : turn.job().turnsAtPlace() + 1;
        boolean hopeless = inVain >= settings.turnsInVainMax()
                || atPlace >= settings.turnsAtOnePlaceMax()
                || turn.job().turns() + 1 >= settings.turnsMax();
        if (!passing || hopeless) {
            return new JobState.Failed(failed.category(), failed.cause(), now);
        }
        long doubled = settings.pauseFirst().toMillis() << Math.min(inVain, 20);
        Duration pause = Duration.ofMillis(Math.min(doubled, settings.pauseMax().toMillis()));
        Duration wanted =
                failed.backOff().compareTo(settings.backOffMax()) > 0 ? settings.backOffMax() : failed.backOff();
        return new JobState.Waiting(
                now.plus(wanted.compareTo(pause) > 0 ? wanted : pause),
                new JobState.Setback(failed.category(), failed.cause()));
    }

    private static void tell(Transaction transaction, Job job, JobState state) {
        ExportedMailbox mailbox = job.mailbox();
        switch (state) {
            case JobState.Succeeded succeeded ->
                transaction.publish(new CommandResult.CommandSucceeded(
                        mailbox.tenant(), mailbox.server(), job.command(), succeeded.outcome()));
            case JobState.Failed failed ->
                transaction.publish(new CommandResult.CommandFailed(
                        mailbox.tenant(), mailbox.server(), job.command(), failed.category(), failed.cause()));
            case JobState.Expired _ ->
                transaction.publish(
                        new CommandResult.CommandExpired(mailbox.tenant(), mailbox.server(), job.command()));
            case JobState.Waiting _, JobState.Running _ -> {
                // Nothing that the planner has to know.
            }
        }
    }

    private static String word(Ending ending) {
        return switch (ending) {
            case Ending.Finished finished -> finished.outcome().complete() ? "complete" : "incomplete";
            case Ending.Failed failed -> failed.category() + "/" + failed.cause();
            case Ending.Stopped _ -> "stopped";
        };
    }

    /** PostgreSQL keeps microseconds; what is told should be what is kept. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
