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
import java.util.List;
import java.util.Optional;
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
            Instant expiresAt) {}

    void insert(Transaction transaction, ForAgent command, String payload) {
        Instant now = clock.instant();
        transaction
                .handle()
                .execute(
                        """
                        INSERT INTO agent_command (command, tenant, agent, server, type, payload, state, expires_at,
                            queued_at, changed_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                        command.command(),
                        command.tenant(),
                        command.agent(),
                        command.server(),
                        CommandType.of(command).word(),
                        payload,
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

    /** Across tenants: what nobody may begin any more, and what was begun and not heard of since {@code lostBefore}. */
    List<Row> overdue(Transaction transaction, Instant lostBefore, int rowsMax) {
        return transaction
                .handle()
                .select("""
                        SELECT * FROM agent_command
                        WHERE state IN ('QUEUED', 'DELIVERED') AND expires_at <= ?
                            OR state IN ('ACCEPTED', 'RUNNING') AND expires_at <= ?
                        ORDER BY expires_at LIMIT ?""", clock.instant(), lostBefore, rowsMax)
                .map(CommandRows::row)
                .list();
    }

    void update(Transaction transaction, CommandId command, CommandState state) {
        @Nullable FailureCategory category = null;
        @Nullable String cause = null;
        int percent = 0;
        switch (state) {
            case CommandState.Queued _, CommandState.Delivered _, CommandState.Accepted _, CommandState.Expired _ -> {}
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
                row.getTimestamp("expires_at").toInstant());
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
