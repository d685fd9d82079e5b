package io.mailferry.inventory.command;

import io.mailferry.archive.escrow.Escrow;
import io.mailferry.archive.escrow.EscrowCheck;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.inventory.agent.AgentVersion;
import io.mailferry.inventory.command.CheckedResult.Meaning;
import io.mailferry.inventory.escrow.EscrowBucket;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.messaging.transaction.Transaction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Takes agents' results: first looks whether they can be right, then stores what must be stored, then moves states. */
@Singleton
public final class CommandResults {
    private static final Logger LOG = Logger.getLogger(CommandResults.class);

    private final CommandRows rows;
    private final TenantKeys keys;
    private final EscrowBucket escrows;
    private final MeterRegistry meters;

    CommandResults(CommandRows rows, TenantKeys keys, EscrowBucket escrows, MeterRegistry meters) {
        this.meters = meters;
        this.rows = rows;
        this.keys = keys;
        this.escrows = escrows;
        // There from the start, so that the first one is an increase.
        lateResults(ReportedResult.Word.succeeded, new CommandState.Expired().word(), true);
        lateResults(ReportedResult.Word.succeeded, new CommandState.Lost().word(), true);
    }

    /**
     * Changes nothing.
     *
     * @throws io.mailferry.access.problem.ProblemException 400 naming the field of a detail that does not fit
     */
    public List<CheckedResult> check(
            Transaction transaction, TenantId tenant, AgentId agent, List<ReportedResult> reported) {
        return reported.stream()
                .map(result -> new CheckedResult(
                        result.commandId(),
                        result.attempt(),
                        result.outcome(),
                        meaning(tenant, result, rows.find(transaction, agent, result.commandId()))))
                .toList();
    }

    private Meaning meaning(TenantId tenant, ReportedResult result, Optional<CommandRows.Row> row) {
        if (row.isEmpty()
                || row.get().attempt() != result.attempt()
                || !counts(row.get().state(), result.outcome())) {
            return new Meaning.Late();
        }
        return switch (result.outcome()) {
            case accepted -> new Meaning.Accepted();
            case running -> new Meaning.Running();
            case succeeded -> success(tenant, result, row.get().type());
            case failed -> {
                AgentCause cause = AgentCause.of(result.cause());
                yield new Meaning.Failed(cause.category(), cause.name());
            }
            case rejected -> new Meaning.Rejected(AgentCause.of(result.cause()).name());
            case cancelled -> new Meaning.Cancelled();
        };
    }

    private static boolean counts(CommandState state, ReportedResult.Word outcome) {
        return switch (state) {
            case CommandState.Open _ -> true;
            case CommandState.GivenUp _ -> outcome == ReportedResult.Word.succeeded;
            case CommandState.Succeeded _, CommandState.Failed _, CommandState.Rejected _ -> false;
        };
    }

    private Meaning success(TenantId tenant, ReportedResult result, CommandType type) {
        return switch (type) {
            case ESCROW_AGENT_SETTINGS -> new Meaning.SettingsArrived(settings(tenant, detail(result, "jwe")));
            case UPGRADE_AGENT ->
                new Meaning.Succeeded(new Outcome.AgentVersionReached(AgentVersion.read(detail(result, "version"))));
            case CREATE_EWS_BACKUP_SET ->
                new Meaning.Succeeded(
                        new Outcome.EwsSetCreated(detail(result, "ref").text(200)));
            case FREEZE_MAPI_RETENTION -> new Meaning.Succeeded(new Outcome.RetentionFrozen());
            case DISABLE_MAPI_SCHEDULE -> new Meaning.Succeeded(new Outcome.ScheduleDisabled());
            case DELETE_MAPI_BACKUP_SET -> new Meaning.Succeeded(new Outcome.BackupSetDeleted());
        };
    }

    private static Field detail(ReportedResult result, String name) {
        return result.detail().orElseGet(() -> result.place().at("detail")).at(name);
    }

    private String settings(TenantId tenant, Field field) {
        String jwe = field.text(Escrow.LENGTH_MAX);
        return switch (Escrow.check(jwe, keys.escrowPublic(tenant))) {
            case EscrowCheck.Acceptable _ -> jwe;
            case EscrowCheck.Refused refused ->
                throw field.invalid("This is no acceptable escrow of settings: " + refused.reason() + ".");
        };
    }

    /**
     * Puts escrowed settings into the bucket, so that their results can be told as successes.
     *
     * @throws io.mailferry.access.problem.ProblemException 503 while the bucket is away
     */
    public List<CheckedResult> store(TenantId tenant, AgentId agent, List<CheckedResult> checked) {
        return checked.stream()
                .map(result -> result.meaning() instanceof Meaning.SettingsArrived settings
                        ? result.with(
                                new Meaning.Succeeded(escrows.store(tenant, agent, result.command(), settings.jwe())))
                        : result)
                .toList();
    }

    /** Moves the command's state and tells it. */
    void take(Transaction transaction, AgentId agent, CheckedResult result) {
        Optional<CommandRows.Row> row = rows.lock(transaction, agent, result.command());
        if (row.isEmpty() || row.get().attempt() != result.attempt()) {
            late(result, "UNKNOWN", false);
            return;
        }
        switch (row.get().state()) {
            case CommandState.Open open -> take(transaction, row.get(), open, result.meaning());
            case CommandState.GivenUp givenUp -> takeLate(transaction, row.get(), givenUp, result);
            case CommandState.Succeeded succeeded -> compare(succeeded, ReportedResult.Word.succeeded, result);
            case CommandState.Failed failed -> compare(failed, ReportedResult.Word.failed, result);
            case CommandState.Rejected rejected -> compare(rejected, ReportedResult.Word.rejected, result);
        }
    }

    /** What was said before is said again because an answer was lost; only a different end is worth a word. */
    private void compare(CommandState state, ReportedResult.Word end, CheckedResult result) {
        switch (result.word()) {
            case accepted, running -> {}
            case succeeded, failed, rejected, cancelled -> {
                if (result.word() != end) {
                    late(result, state.word(), false);
                }
            }
        }
    }

    /** The command was given up on the clock. That it succeeded is no less true for that, and the planner has to know. */
    private void takeLate(
            Transaction transaction, CommandRows.Row row, CommandState.GivenUp givenUp, CheckedResult result) {
        if (result.meaning() instanceof Meaning.Succeeded succeeded) {
            rows.update(transaction, row.command(), givenUp.succeedLate());
            transaction.publish(
                    new CommandResult.CommandSucceeded(row.tenant(), row.server(), row.command(), succeeded.outcome()));
            late(result, givenUp.word(), true);
        } else {
            late(result, givenUp.word(), false);
        }
    }

    private void late(CheckedResult result, String after, boolean counted) {
        LOG.warnf(
                "Result came late commandId=%s outcome=%s state=%s counted=%s",
                result.command(), result.word(), after, counted);
        lateResults(result.word(), after, counted).increment();
    }

    private Counter lateResults(ReportedResult.Word outcome, String state, boolean counted) {
        return meters.counter(
                "mailferry.inventory.late.results",
                "outcome",
                outcome.name(),
                "state",
                state,
                "counted",
                Boolean.toString(counted));
    }

    private void take(Transaction transaction, CommandRows.Row row, CommandState.Open open, Meaning meaning) {
        switch (meaning) {
            case Meaning.Accepted _ -> accept(transaction, row, open);
            case Meaning.Running _ -> run(transaction, row, open, 0);
            case Meaning.Succeeded succeeded -> {
                rows.update(transaction, row.command(), open.succeed());
                transaction.publish(new CommandResult.CommandSucceeded(
                        row.tenant(), row.server(), row.command(), succeeded.outcome()));
            }
            case Meaning.Failed failed -> {
                rows.update(transaction, row.command(), open.fail(failed.category(), failed.cause()));
                transaction.publish(new CommandResult.CommandFailed(
                        row.tenant(), row.server(), row.command(), failed.category(), failed.cause()));
            }
            case Meaning.Rejected rejected -> {
                rows.update(transaction, row.command(), open.reject(rejected.cause()));
                transaction.publish(
                        new CommandResult.CommandRejected(row.tenant(), row.server(), row.command(), rejected.cause()));
            }
            case Meaning.Cancelled _ -> {
                rows.update(transaction, row.command(), open.cancel());
                transaction.publish(new CommandResult.CommandCancelled(row.tenant(), row.server(), row.command()));
            }
            case Meaning.SettingsArrived _ ->
                throw new IllegalStateException("settings are stored before their result is taken");
            case Meaning.Late _ -> {}
        }
    }

    private void accept(Transaction transaction, CommandRows.Row row, CommandState.Open open) {
        switch (open) {
            case CommandState.Waiting waiting -> {
                rows.update(transaction, row.command(), waiting.accept());
                transaction.publish(new CommandResult.CommandAccepted(row.tenant(), row.server(), row.command()));
            }
            case CommandState.Begun _ -> {}
        }
    }

    /** The agent is at it; if it never said that it accepted, it says so now. */
    void run(Transaction transaction, CommandRows.Row row, CommandState.Open open, int percent) {
        accept(transaction, row, open);
        if (!(open instanceof CommandState.Running running && running.percent() >= percent)) {
            rows.update(transaction, row.command(), open.run(percent));
        }
    }
}
