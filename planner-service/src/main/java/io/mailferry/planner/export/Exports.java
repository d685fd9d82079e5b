package io.mailferry.planner.export;

import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.mailferry.planner.command.Commands;
import io.mailferry.planner.fleet.FleetTable;
import io.mailferry.planner.fleet.Mailbox;
import io.mailferry.planner.fleet.Server;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Commands exports and verifications that no plan wants. They are not retried: whoever asked sees what became of them. */
@Singleton
final class Exports {
    private final TenantTransactions transactions;
    private final Commands commands;
    private final Clock clock;
    private final Duration expiry;

    Exports(TenantTransactions transactions, Commands commands, ExportSettings settings, Clock clock) {
        this.transactions = transactions;
        this.commands = commands;
        this.clock = clock;
        this.expiry = settings.expiry();
    }

    sealed interface Result {
        record Commanded(CommandId command) implements Result {}

        record NoSuchMailbox() implements Result {}

        /** Nobody has said how the mailbox's server is reached. */
        record NotConnected() implements Result {}
    }

    Result export(TenantId tenant, MailboxId id) {
        return transactions.inTenant(tenant, transaction -> {
            FleetTable fleet = new FleetTable(transaction.handle());
            Optional<Mailbox> mailbox = fleet.mailbox(id);
            if (mailbox.isEmpty()) {
                return new Result.NoSuchMailbox();
            }
            Optional<EwsEndpoint> endpoint =
                    fleet.server(mailbox.get().server()).flatMap(Server::endpoint);
            if (endpoint.isEmpty()) {
                return new Result.NotConnected();
            }
            return issue(
                    transaction,
                    new TransitionCommand.ExportMailbox(
                            CommandId.random(),
                            tenant,
                            mailbox.get().server(),
                            id,
                            Optional.empty(),
                            mailbox.get().address(),
                            endpoint.get(),
                            clock.instant().plus(expiry)));
        });
    }

    Result verify(TenantId tenant, MailboxId id, Optional<RestorePointId> restorePoint) {
        return transactions.inTenant(tenant, transaction -> {
            Optional<Mailbox> mailbox = new FleetTable(transaction.handle()).mailbox(id);
            if (mailbox.isEmpty()) {
                return new Result.NoSuchMailbox();
            }
            return issue(
                    transaction,
                    new TransitionCommand.VerifyRestorePoint(
                            CommandId.random(),
                            tenant,
                            mailbox.get().server(),
                            id,
                            restorePoint,
                            clock.instant().plus(expiry)));
        });
    }

    private Result issue(Transaction transaction, TransitionCommand command) {
        commands.issue(transaction, command, Optional.empty());
        return new Result.Commanded(command.command());
    }
}
