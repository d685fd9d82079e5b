package io.mailferry.inventory.command;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** What one heartbeat and its answer do to commands, in one transaction. */
@Singleton
public final class CommandExchange {
    private static final Logger LOG = Logger.getLogger(CommandExchange.class);

    private final TenantTransactions transactions;
    private final CommandRows rows;
    private final CommandResults results;
    private final DeletionTerms deletions;
    private final CommandSettings settings;
    private final Clock clock;

    CommandExchange(
            TenantTransactions transactions,
            CommandRows rows,
            CommandResults results,
            DeletionTerms deletions,
            CommandSettings settings,
            Clock clock) {
        this.transactions = transactions;
        this.rows = rows;
        this.results = results;
        this.deletions = deletions;
        this.settings = settings;
        this.clock = clock;
    }

    /** A command in an answer. */
    public record Delivery(
            CommandId commandId,
            String type,
            int attempt,
            Instant expiresAt,
            @JsonRawValue String payload) {}

    /** A result that this service has and the agent may forget. */
    public record ResultTaken(CommandId commandId, int attempt, ReportedResult.Word outcome) {}

    /**
     * @param cancel commands that the agent has begun and that nobody waits for any more
     * @param taken only true once this returned: then they are committed
     */
    public record Answer(List<Delivery> commands, List<CommandId> cancel, List<ResultTaken> taken) {
        public Answer {
            commands = List.copyOf(commands);
            cancel = List.copyOf(cancel);
            taken = List.copyOf(taken);
        }
    }

    public Answer exchange(TenantId tenant, AgentId agent, List<CheckedResult> reported, List<RunningCommand> running) {
        return transactions.inTenant(tenant, transaction -> {
            reported.forEach(result -> results.take(transaction, agent, result));
            Set<CommandId> cancel = new LinkedHashSet<>(rows.toStop(transaction, agent, settings.deliveredMax()));
            for (RunningCommand command : running) {
                if (!progress(transaction, agent, command)) {
                    cancel.add(command.commandId());
                }
            }
            remind(transaction, agent, running);
            return new Answer(
                    deliver(transaction, agent),
                    List.copyOf(cancel),
                    reported.stream()
                            .map(result -> new ResultTaken(result.command(), result.attempt(), result.word()))
                            .toList());
        });
    }

    /**
     * What an agent has begun and does not speak of any more, as after its machine was put back to an older state, it is
     * given again as another attempt, which it carries out once like every other.
     */
    private void remind(Transaction transaction, AgentId agent, List<RunningCommand> running) {
        rows.mention(
                transaction,
                agent,
                running.stream().map(RunningCommand::commandId).toList());
        for (CommandRows.Row found :
                rows.forgotten(transaction, agent, clock.instant().minus(settings.lease()))) {
            rows.lock(transaction, agent, found.command()).ifPresent(row -> {
                if (row.state() instanceof CommandState.Begun begun) {
                    remind(transaction, row, begun);
                }
            });
        }
    }

    private void remind(Transaction transaction, CommandRows.Row row, CommandState.Begun begun) {
        if (row.attempt() < settings.attemptsMax()) {
            rows.again(transaction, row, begun);
        } else {
            rows.update(transaction, row.command(), begun.lose());
            transaction.publish(new CommandResult.CommandFailed(
                    row.tenant(),
                    row.server(),
                    row.command(),
                    FailureCategory.TRANSIENT,
                    CommandResult.CommandFailed.AGENT_SILENT));
        }
        LOG.warnf(
                "Command forgotten by its agent commandId=%s agent=%s attempt=%d",
                row.command(), row.agent(), row.attempt());
    }

    /** Whether the command is one that the agent should go on with. */
    private boolean progress(Transaction transaction, AgentId agent, RunningCommand running) {
        Optional<CommandRows.Row> row = rows.lock(transaction, agent, running.commandId());
        if (row.isEmpty() || row.get().attempt() != running.attempt()) {
            return false;
        }
        return switch (row.get().state()) {
            case CommandState.Open open -> {
                results.run(transaction, row.get(), open, running.percent());
                yield true;
            }
            // Reported as finished a moment ago and still in the list: nothing to cancel.
            case CommandState.Succeeded _, CommandState.Rejected _ -> true;
            case CommandState.Failed _, CommandState.Cancelled _, CommandState.Expired _, CommandState.Lost _ -> false;
        };
    }

    private List<Delivery> deliver(Transaction transaction, AgentId agent) {
        List<Delivery> deliveries = new ArrayList<>();
        for (CommandRows.Row waiting : rows.waiting(transaction, agent, settings.deliveredMax())) {
            if (!isPermitted(transaction, waiting)) {
                continue;
            }
            if (waiting.state() instanceof CommandState.Queued) {
                rows.lock(transaction, agent, waiting.command()).ifPresent(row -> markDelivered(transaction, row));
            }
            deliveries.add(new Delivery(
                    waiting.command(),
                    waiting.type().word(),
                    waiting.attempt(),
                    waiting.expiresAt(),
                    waiting.payload()));
        }
        return deliveries;
    }

    /** What was permitted when it was queued may not be any more. Each delivery is looked at, until the agent accepts. */
    private boolean isPermitted(Transaction transaction, CommandRows.Row waiting) {
        Optional<String> refusal = deletions.refusal(transaction, waiting);
        if (refusal.isEmpty()) {
            return true;
        }
        rows.lock(transaction, waiting.agent(), waiting.command()).ifPresent(row -> {
            if (row.state() instanceof CommandState.Waiting open) {
                rows.update(transaction, row.command(), open.reject(refusal.get()));
                transaction.publish(
                        new CommandResult.CommandRejected(row.tenant(), row.server(), row.command(), refusal.get()));
            }
        });
        return false;
    }

    private void markDelivered(Transaction transaction, CommandRows.Row row) {
        if (row.state() instanceof CommandState.Queued queued) {
            rows.update(transaction, row.command(), queued.deliver());
            transaction.publish(new CommandResult.CommandDelivered(row.tenant(), row.server(), row.command()));
        }
    }
}
