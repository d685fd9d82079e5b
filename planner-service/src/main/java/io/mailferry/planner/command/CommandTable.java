package io.mailferry.planner.command;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The commands' rows, through one open transaction. */
final class CommandTable {
    private static final String COLUMNS = """
            SELECT command, tenant, server, mailbox, plan, step, type, issued_at, expires_at, state, since, heard_at,
                items, bytes, expected_items, word, category, outcome::text AS outcome, given_up_at
            FROM command
            """;

    private final Handle handle;

    CommandTable(Handle handle) {
        this.handle = handle;
    }

    /** @param overdueAt when to give it up; empty once it has ended */
    void insert(Command command, Optional<Instant> overdueAt) {
        handle.execute(
                """
                INSERT INTO command (command, tenant, server, mailbox, plan, step, type, issued_at, expires_at, state,
                    since, overdue_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                command.command(),
                command.tenant(),
                command.server(),
                command.mailbox().map(MailboxId::value).orElse(null),
                command.origin().map(origin -> origin.plan().value()).orElse(null),
                command.origin().map(Origin::step).orElse(null),
                command.type(),
                Timestamp.from(command.issuedAt()),
                Timestamp.from(command.expiresAt()),
                CommandColumns.of(command.state()).state().name(),
                Timestamp.from(command.state().since()),
                timestamp(overdueAt.orElse(null)));
    }

    void update(Command command, Optional<Instant> overdueAt) {
        CommandColumns columns = CommandColumns.of(command.state());
        handle.execute(
                """
                UPDATE command SET state = ?, since = ?, heard_at = ?, word = ?, category = ?, outcome = ?::jsonb,
                    items = ?, bytes = ?, expected_items = ?, overdue_at = ?, given_up_at = ?
                WHERE command = ?
                """,
                columns.state().name(),
                Timestamp.from(columns.since()),
                timestamp(columns.heardAt()),
                columns.word(),
                columns.category(),
                columns.outcome(),
                command.progress().items(),
                command.progress().bytes(),
                command.progress().expectedItems(),
                timestamp(overdueAt.orElse(null)),
                timestamp(columns.givenUpAt()),
                command.command());
    }

    Optional<Command> find(CommandId command) {
        return handle.select(COLUMNS + "WHERE command = ?", command)
                .map((row, context) -> command(row))
                .findOne();
    }

    Optional<Command> lock(CommandId command) {
        return handle.select(COLUMNS + "WHERE command = ? FOR UPDATE", command)
                .map((row, context) -> command(row))
                .findOne();
    }

    List<Command> overdue(Instant now, int rowsMax) {
        return handle.select(
                        COLUMNS + "WHERE overdue_at <= ? ORDER BY overdue_at LIMIT ?", Timestamp.from(now), rowsMax)
                .map((row, context) -> command(row))
                .list();
    }

    Map<CommandId, Command.Progress> progressOf(PlanId plan) {
        Map<CommandId, Command.Progress> progress = new HashMap<>();
        handle.select("SELECT command, items, bytes, expected_items FROM command WHERE plan = ?", plan)
                .map((row, context) -> Map.entry(
                        new CommandId(row.getObject("command", UUID.class)),
                        new Command.Progress(
                                row.getLong("items"), row.getLong("bytes"), row.getLong("expected_items"))))
                .forEach(entry -> progress.put(entry.getKey(), entry.getValue()));
        return progress;
    }

    private static Command command(ResultSet row) throws SQLException {
        CommandColumns columns = new CommandColumns(
                CommandColumns.Name.valueOf(row.getString("state")),
                row.getTimestamp("since").toInstant(),
                instant(row.getTimestamp("heard_at")),
                row.getString("word"),
                row.getString("category"),
                row.getString("outcome"),
                instant(row.getTimestamp("given_up_at")));
        UUID mailbox = row.getObject("mailbox", UUID.class);
        UUID plan = row.getObject("plan", UUID.class);
        return new Command(
                new CommandId(row.getObject("command", UUID.class)),
                new TenantId(row.getObject("tenant", UUID.class)),
                new ServerId(row.getObject("server", UUID.class)),
                Optional.ofNullable(mailbox).map(MailboxId::new),
                plan == null ? Optional.empty() : Optional.of(new Origin(new PlanId(plan), row.getString("step"))),
                row.getString("type"),
                row.getTimestamp("issued_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                columns.toState(),
                new Command.Progress(row.getLong("items"), row.getLong("bytes"), row.getLong("expected_items")));
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
