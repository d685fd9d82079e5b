package io.mailferry.inventory.command;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one heartbeat and its answer do to commands, in one transaction. */
@Singleton
public final class CommandExchange {
    private final TenantTransactions transactions;
    private final CommandRows rows;
    private final CommandResults results;
    private final CommandSettings settings;

    CommandExchange(
            TenantTransactions transactions, CommandRows rows, CommandResults results, CommandSettings settings) {
        this.transactions = transactions;
        this.rows = rows;
        this.results = results;
        this.settings = settings;
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
     * @param cancel commands that the agent says it runs and that nobody waits for any more
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
            List<CommandId> cancel = new ArrayList<>();
            for (RunningCommand command : running) {
                if (!progress(transaction, agent, command)) {
                    cancel.add(command.commandId());
                }
            }
            return new Answer(
                    deliver(transaction, agent),
                    cancel,
                    reported.stream()
                            .map(result -> new ResultTaken(result.command(), result.attempt(), result.word()))
                            .toList());
        });
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
            case CommandState.Failed _, CommandState.Expired _, CommandState.Lost _ -> false;
        };
    }

    private List<Delivery> deliver(Transaction transaction, AgentId agent) {
        List<Delivery> deliveries = new ArrayList<>();
        for (CommandRows.Row waiting : rows.waiting(transaction, agent, settings.deliveredMax())) {
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

    private void markDelivered(Transaction transaction, CommandRows.Row row) {
        if (row.state() instanceof CommandState.Queued queued) {
            rows.update(transaction, row.command(), queued.deliver());
            transaction.publish(new CommandResult.CommandDelivered(row.tenant(), row.server(), row.command()));
        }
    }
}
