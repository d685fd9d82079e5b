package io.mailferry.restore.verification;

import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.TransitionCommand.VerifyRestorePoint;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The jobs as others see them: asked for by a command or an operator, and looked up. */
@Singleton
final class Verifications {
    private static final String CONSUMER = "restore.verification";

    private final TenantTransactions transactions;
    private final VerificationTable table;
    private final Clock clock;

    Verifications(TenantTransactions transactions, VerificationTable table, Clock clock) {
        this.transactions = transactions;
        this.table = table;
        this.clock = clock;
    }

    /** Makes the command a job, once. */
    void on(EventId event, VerifyRestorePoint command) {
        transactions.useTenant(command.tenant(), transaction -> {
            if (transaction.firstSight(command.tenant(), event, CONSUMER)) {
                accept(transaction, command);
            }
        });
    }

    private void accept(Transaction transaction, VerifyRestorePoint command) {
        Instant now = now();
        if (now.isAfter(command.expiresAt())) {
            transaction.publish(
                    new CommandResult.CommandExpired(command.tenant(), command.server(), command.command()));
            return;
        }
        Verification.Commanded by =
                new Verification.Commanded(command.command(), command.server(), command.expiresAt());
        if (table.insert(
                transaction.handle(),
                queued(command.tenant(), command.mailbox(), command.restorePoint(), Optional.of(by), now))) {
            transaction.publish(
                    new CommandResult.CommandAccepted(command.tenant(), command.server(), command.command()));
        }
    }

    /** A job that an operator asked for. */
    JobId request(TenantId tenant, MailboxId mailbox, Optional<RestorePointId> restorePoint) {
        Verification verification = queued(tenant, mailbox, restorePoint, Optional.empty(), now());
        transactions.useTenant(tenant, transaction -> table.insert(transaction.handle(), verification));
        return verification.job();
    }

    /** The caller checks whether the job's tenant is his. */
    Optional<Verification> find(JobId job) {
        return transactions.acrossTenants(transaction -> table.find(transaction.handle(), job));
    }

    private Verification queued(
            TenantId tenant,
            MailboxId mailbox,
            Optional<RestorePointId> restorePoint,
            Optional<Verification.Commanded> commanded,
            Instant now) {
        return new Verification(
                JobId.random(), tenant, mailbox, restorePoint, commanded, now, 0, 0, new VerificationState.Queued(now));
    }

    /** PostgreSQL keeps microseconds; what is told should be what is kept. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
