package io.mailferry.inventory.command;

import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.TransitionCommand.ForAgent;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The commands' rows, and the explicit form of each state in them. */
@Singleton
final class CommandRows {
    private final ServerRows servers;
    private final Clock clock;

    CommandRows(ServerRows servers, Clock clock) {
        this.servers = servers;
        this.clock = clock;
    }

    record Row(
            CommandId command,
            TenantId tenant,
            AgentId agent,
            ServerId server,
            CommandType type,
            String payload,
            CommandState state,
            int attempt,
            Instant expiresAt,
            @Nullable String terms) {}

    /** @param terms for types whose terms are looked at again before they are delivered */
    void insert(Transaction transaction, ForAgent command, String payload, @Nullable String terms) {
        Instant now = clock.instant();
        transaction
                .handle()
                .execute(
                        """
                        INSERT INTO agent_command (command, tenant, agent, server, type, payload, terms, state, expires_at,
                            queued_at, changed_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                        command.command(),
                        command.tenant(),
                        command.agent(),
                        command.server(),
                        CommandType.of(command).word(),
                        payload,
                        terms,
                        new CommandState.Queued().word(),
                        command.expiresAt(),
                        now,
                        now);
    }

    Optional<Row> find(Transaction transaction, AgentId agent, CommandId command) {
        return transaction
                .handle()
                .select("SELECT * FROM agent_command WHERE command = ? AND agent = ?", command, agent)
                .map(CommandRows::row)
                .findOne();
    }

    /** The agent whose command this is. */
    Optional<AgentId> agentOf(Transaction transaction, CommandId command) {
        return transaction
                .handle()
                .select("SELECT agent FROM agent_command WHERE command = ?", command)
                .mapTo(AgentId.class)
                .findOne();
    }

    /** What the agent has begun and should stop. */
    List<CommandId> toStop(Transaction transaction, AgentId agent, int rowsMax) {
        return transaction
                .handle()
                .select("""
                        SELECT command FROM agent_command
                        WHERE agent = ? AND state IN ('ACCEPTED', 'RUNNING') AND cancel_at IS NOT NULL
                        ORDER BY cancel_at, command LIMIT ?""", agent, rowsMax)
                .mapTo(CommandId.class)
                .list();
    }

    /** What waits for an operator's hands. */
    List<Row> ofManualAgents(Transaction transaction, int rowsMax) {
        return transaction.handle().select("""
                        SELECT c.* FROM agent_command c JOIN agent a USING (agent)
                        WHERE a.manual_since IS NOT NULL AND c.state IN ('QUEUED', 'DELIVERED', 'ACCEPTED', 'RUNNING')
                        ORDER BY c.queued_at, c.command LIMIT ?""", rowsMax).map(CommandRows::row).list();
    }

    void confirmedBy(Transaction transaction, CommandId command, String operator) {
        transaction.handle().execute("UPDATE agent_command SET confirmed_by = ? WHERE command = ?", operator, command);
    }

    void askToStop(Transaction transaction, CommandId command) {
        transaction
                .handle()
                .execute(
                        "UPDATE agent_command SET cancel_at = coalesce(cancel_at, ?) WHERE command = ?",
                        clock.instant(),
                        command);
        // An agent that waits for its answer has it at once, as with a new command.
        transaction
                .handle()
                .select(
                        "SELECT pg_notify('mailferry_inventory_agent_command', agent::text)::text FROM agent_command WHERE command = ?",
                        command)
                .mapTo(String.class)
                .one();
    }

    /** Gives the command to its agent once more, as another attempt. */
    void again(Transaction transaction, Row row, CommandState.Begun begun) {
        update(transaction, row.command(), begun.again());
        transaction
                .handle()
                .execute(
                        "UPDATE agent_command SET attempt = attempt + 1, unmentioned_since = NULL WHERE command = ?",
                        row.command());
    }

    /** Remembers since when this agent, which is reporting, has not spoken of what it has begun. */
    void mention(Transaction transaction, AgentId agent, Collection<CommandId> spokenOf) {
        transaction
                .handle()
                .createUpdate("""
                        UPDATE agent_command SET unmentioned_since =
                            CASE WHEN command = ANY (:spokenOf) THEN NULL ELSE CAST(:now AS timestamptz) END
                        WHERE agent = :agent AND state IN ('ACCEPTED', 'RUNNING')
                            AND (unmentioned_since IS NULL) <> (command = ANY (:spokenOf))""")
                .bindArray(
                        "spokenOf",
                        UUID.class,
                        spokenOf.stream().map(CommandId::value).toList())
                .bind("now", clock.instant())
                .bind("agent", agent)
                .execute();
    }

    /** What this agent has begun and not spoken of since {@code unmentionedBefore}, although it reported. */
    List<Row> forgotten(Transaction transaction, AgentId agent, Instant unmentionedBefore) {
        return transaction
                .handle()
                .select("""
                        SELECT * FROM agent_command
                        WHERE agent = ? AND state IN ('ACCEPTED', 'RUNNING') AND unmentioned_since <= ?
                            AND cancel_at IS NULL AND expires_at > ?
                        ORDER BY queued_at, command""", agent, unmentionedBefore, clock.instant())
                .map(CommandRows::row)
                .list();
    }

    /** The command with its server's row locked, so that the results of one server leave in order, and then its own. */
    Optional<Row> lock(Transaction transaction, AgentId agent, CommandId command) {
        Optional<Row> seen = find(transaction, agent, command);
        if (seen.isEmpty()) {
            return seen;
        }
        servers.lock(transaction, seen.get().server());
        return transaction
                .handle()
                .select("SELECT * FROM agent_command WHERE command = ? FOR NO KEY UPDATE", command)
                .map(CommandRows::row)
                .findOne();
    }

    /** What the agent has not begun and still may, oldest first. */
    List<Row> waiting(Transaction transaction, AgentId agent, int rowsMax) {
        return transaction
                .handle()
                .select("""
                        SELECT * FROM agent_command
                        WHERE agent = ? AND state IN ('QUEUED', 'DELIVERED') AND expires_at > ?
                        ORDER BY queued_at, command LIMIT ?""", agent, clock.instant(), rowsMax)
                .map(CommandRows::row)
                .list();
    }

    /**
     * Across tenants: what nobody may begin any more, what was begun and not heard of since {@code lostBefore}, and what
     * agents that were revoked leave open.
     */
    List<Row> overdue(Transaction transaction, Instant lostBefore, int rowsMax) {
        return transaction
                .handle()
                .select("""
                        SELECT * FROM agent_command
                        WHERE state IN ('QUEUED', 'DELIVERED') AND expires_at <= ?
                            OR state IN ('ACCEPTED', 'RUNNING') AND expires_at <= ?
                            OR state IN ('QUEUED', 'DELIVERED', 'ACCEPTED', 'RUNNING')
                                AND agent IN (SELECT agent FROM agent WHERE revoked_at IS NOT NULL)
                        ORDER BY expires_at LIMIT ?""", clock.instant(), lostBefore, rowsMax)
                .map(CommandRows::row)
                .list();
    }

    void update(Transaction transaction, CommandId command, CommandState state) {
        @Nullable FailureCategory category = null;
        @Nullable String cause = null;
        int percent = 0;
        switch (state) {
            case CommandState.Queued _,
                    CommandState.Delivered _,
                    CommandState.Accepted _,
                    CommandState.Cancelled _,
                    CommandState.Expired _ -> {}
            case CommandState.Running running -> percent = running.percent();
            case CommandState.Succeeded _ -> percent = 100;
            case CommandState.Failed failed -> {
                category = failed.category();
                cause = failed.cause();
            }
            case CommandState.Rejected rejected -> cause = rejected.cause();
            case CommandState.Lost _ -> {
                category = FailureCategory.TRANSIENT;
                cause = CommandResult.CommandFailed.AGENT_SILENT;
            }
        }
        transaction
                .handle()
                .execute(
                        """
                        UPDATE agent_command SET state = ?, percent = ?, category = ?, cause = ?, changed_at = ?
                        WHERE command = ?""",
                        state.word(),
                        percent,
                        category == null ? null : category.name(),
                        cause,
                        clock.instant(),
                        command);
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                CommandId.of(row.getString("command")),
                TenantId.of(row.getString("tenant")),
                AgentId.of(row.getString("agent")),
                ServerId.of(row.getString("server")),
                CommandType.of(row.getString("type")),
                row.getString("payload"),
                state(row.getString("state"), row.getInt("percent"), row.getString("category"), row.getString("cause")),
                row.getInt("attempt"),
                row.getTimestamp("expires_at").toInstant(),
                row.getString("terms"));
    }

    private static CommandState state(String word, int percent, @Nullable String category, @Nullable String cause) {
        return switch (word) {
            case "QUEUED" -> new CommandState.Queued();
            case "DELIVERED" -> new CommandState.Delivered();
            case "ACCEPTED" -> new CommandState.Accepted();
            case "RUNNING" -> new CommandState.Running(percent);
            case "SUCCEEDED" -> new CommandState.Succeeded();
            case "FAILED" -> failed(category, cause);
            case "REJECTED" -> new CommandState.Rejected(cause == null ? AgentCause.OTHER.name() : cause);
            case "CANCELLED" -> new CommandState.Cancelled();
            case "EXPIRED" -> new CommandState.Expired();
            default -> throw new IllegalStateException("a command's row holds an unknown state");
        };
    }

    /** The lost are kept in the form that the version before understands, by a cause that no agent can give. */
    private static CommandState failed(@Nullable String category, @Nullable String cause) {
        if (CommandResult.CommandFailed.AGENT_SILENT.equals(cause)) {
            return new CommandState.Lost();
        }
        return new CommandState.Failed(
                category == null ? FailureCategory.PERMANENT : FailureCategory.valueOf(category),
                cause == null ? AgentCause.OTHER.name() : cause);
    }
}
