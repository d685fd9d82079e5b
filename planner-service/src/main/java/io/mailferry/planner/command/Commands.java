package io.mailferry.planner.command;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Issues commands through the outbox, follows their results, and gives up those that stay silent. */
@Singleton
public final class Commands {
    private static final Logger LOG = Logger.getLogger(Commands.class);

    private final TenantTransactions transactions;
    private final Clock clock;
    private final Duration grace;
    private final Duration silence;

    Commands(TenantTransactions transactions, CommandSettings settings, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
        this.grace = settings.grace();
        this.silence = settings.silence();
    }

    /** Writes the command down and sends it with this transaction. */
    public void issue(Transaction transaction, TransitionCommand wanted, Optional<Origin> origin) {
        Instant now = clock.instant();
        Command command = new Command(
                wanted.command(),
                wanted.tenant(),
                wanted.server(),
                mailboxOf(wanted),
                origin,
                wanted.getClass().getSimpleName(),
                now,
                wanted.expiresAt(),
                new CommandState.Issued(now),
                Command.Progress.NONE);
        new CommandTable(transaction.handle()).insert(command, overdueAt(command));
        transaction.publish(wanted);
    }

    /**
     * Takes a result.
     *
     * @return the command if this very result ended it
     * @throws Inbound.ImpossibleEvent if the tenant has no such command
     */
    public Optional<Settled> on(Transaction transaction, CommandResult result) {
        CommandTable table = new CommandTable(transaction.handle());
        Command before = table.lock(result.command())
                .orElseThrow(() -> new Inbound.ImpossibleEvent("result of a command that was never issued"));
        CommandState state = before.state().on(result, clock.instant());
        Command.Progress progress = result instanceof CommandResult.CommandProgressed progressed
                ? before.progress().atLeast(progressed.items(), progressed.bytes(), progressed.expectedItems())
                : before.progress();
        if (state == before.state() && progress.equals(before.progress())) {
            return Optional.empty();
        }
        Command after = before.with(state, progress);
        table.update(after, overdueAt(after));
        if (state instanceof CommandState.Succeeded succeeded
                && succeeded.givenUpAt().isPresent()) {
            LOG.infof(
                    "command succeeded after it was given up commandId=%s type=%s givenUpAt=%s",
                    after.command(), after.type(), succeeded.givenUpAt().get());
        }
        return state != before.state() && state instanceof CommandState.Ended ended
                ? Optional.of(new Settled(after, ended))
                : Optional.empty();
    }

    /** Commands of any tenant that have waited long enough, a bounded number of them. */
    public List<Command> overdue(int commandsMax) {
        return transactions.acrossTenants(
                transaction -> new CommandTable(transaction.handle()).overdue(clock.instant(), commandsMax));
    }

    /** Gives the command up, unless a result came meanwhile. */
    public Optional<Settled> expire(Transaction transaction, CommandId id) {
        CommandTable table = new CommandTable(transaction.handle());
        Instant now = clock.instant();
        Optional<Command> command = table.lock(id);
        if (command.isEmpty()
                || !(command.get().state() instanceof CommandState.Open open)
                || overdueAt(command.get()).filter(due -> !due.isAfter(now)).isEmpty()) {
            return Optional.empty();
        }
        CommandState.Expired expired = open.expire(now);
        Command after = command.get().with(expired, command.get().progress());
        table.update(after, Optional.empty());
        return Optional.of(new Settled(after, expired));
    }

    /** What a plan's commands have got done so far, by command. */
    public Map<CommandId, Command.Progress> progressOf(Transaction transaction, PlanId plan) {
        return new CommandTable(transaction.handle()).progressOf(plan);
    }

    /** The command, whichever tenant it is of; the caller checks whether that tenant is the asker's. */
    Optional<Command> anyTenants(CommandId id) {
        return transactions.acrossTenants(transaction -> new CommandTable(transaction.handle()).find(id));
    }

    private Optional<Instant> overdueAt(Command command) {
        return switch (command.state()) {
            case CommandState.Issued _, CommandState.Delivered _ ->
                Optional.of(command.expiresAt().plus(grace));
            case CommandState.Running running -> {
                // Accepted is not begun: it may lie in its receiver's queue until it expires.
                Instant unbegun = command.expiresAt().plus(grace);
                Instant silent = running.heardAt().plus(silence);
                yield Optional.of(silent.isAfter(unbegun) ? silent : unbegun);
            }
            case CommandState.Ended _ -> Optional.empty();
        };
    }

    private static Optional<MailboxId> mailboxOf(TransitionCommand command) {
        return switch (command) {
            case TransitionCommand.ExportMailbox export -> Optional.of(export.mailbox());
            case TransitionCommand.VerifyRestorePoint verify -> Optional.of(verify.mailbox());
            case TransitionCommand.ForAgent _, TransitionCommand.CancelCommand _ -> Optional.empty();
        };
    }
}
