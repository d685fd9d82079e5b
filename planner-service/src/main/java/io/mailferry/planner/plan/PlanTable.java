package io.mailferry.planner.plan;

import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The plans' and steps' rows, through one open transaction. */
final class PlanTable {
    private static final String PLANS =
            "SELECT plan, tenant, server, backup_set, made_at, state, since, questions::text AS questions FROM plan ";

    private final Handle handle;

    PlanTable(Handle handle) {
        this.handle = handle;
    }

    /** A plan that is due to be looked at again. */
    record Due(TenantId tenant, PlanId plan) {}

    Optional<Plan> find(PlanId plan) {
        return handle.select(PLANS + "WHERE plan = ?", plan)
                .map((row, context) -> plan(row))
                .findOne()
                .map(this::withSteps);
    }

    Optional<Plan> activeOf(BackupSetId set) {
        return handle.select(PLANS + "WHERE backup_set = ? AND state NOT IN ('DONE', 'WITHDRAWN')", set)
                .map((row, context) -> plan(row))
                .findOne()
                .map(this::withSteps);
    }

    boolean isDone(BackupSetId set) {
        return handle.select("SELECT EXISTS (SELECT FROM plan WHERE backup_set = ? AND state = 'DONE')", set)
                .mapTo(Boolean.class)
                .one();
    }

    Optional<TenantId> tenantOf(PlanId plan) {
        return handle.select("SELECT tenant FROM plan WHERE plan = ?", plan)
                .mapTo(TenantId.class)
                .findOne();
    }

    /** Newest first. */
    List<PlanSummary> summaries(Optional<String> state, int rowsMax) {
        return handle.select("""
                        SELECT plan.*, coalesce(backup_set.name, '') AS name, counted.steps, counted.settled
                        FROM (SELECT * FROM plan WHERE ?::text IS NULL OR state = ?
                              ORDER BY made_at DESC, plan LIMIT ?) plan
                        LEFT JOIN backup_set USING (backup_set)
                        CROSS JOIN LATERAL (
                            SELECT count(*) AS steps, count(*) FILTER (WHERE state IN ('DONE', 'SKIPPED')) AS settled
                            FROM step WHERE step.plan = plan.plan) counted
                        ORDER BY made_at DESC, plan.plan
                        """, state.orElse(null), state.orElse(null), rowsMax)
                .map((row, context) -> new PlanSummary(
                        new PlanId(row.getObject("plan", UUID.class)),
                        new ServerId(row.getObject("server", UUID.class)),
                        new BackupSetId(row.getObject("backup_set", UUID.class)),
                        row.getString("name"),
                        row.getString("state"),
                        row.getTimestamp("since").toInstant(),
                        row.getTimestamp("made_at").toInstant(),
                        row.getInt("steps"),
                        row.getInt("settled")))
                .list();
    }

    /** Plans of any tenant with a step whose pause is over. */
    List<Due> due(Instant now, int rowsMax) {
        return handle.select(
                        "SELECT DISTINCT tenant, plan FROM step WHERE due <= ? ORDER BY plan LIMIT ?",
                        Timestamp.from(now),
                        rowsMax)
                .map((row, context) -> new Due(
                        new TenantId(row.getObject("tenant", UUID.class)),
                        new PlanId(row.getObject("plan", UUID.class))))
                .list();
    }

    /** Writes what differs from before. */
    void save(Optional<Plan> before, Plan after) {
        if (before.isEmpty()) {
            insert(after);
        } else if (!before.get().state().equals(after.state())) {
            PlanColumns columns = PlanColumns.of(after.state());
            handle.execute(
                    "UPDATE plan SET state = ?, since = ?, questions = ?::jsonb WHERE plan = ?",
                    columns.state().name(),
                    Timestamp.from(columns.since()),
                    columns.questions(),
                    after.plan());
        }
        List<Step> changed = after.steps().stream()
                .filter(step -> !before.flatMap(plan -> plan.step(step.key())).equals(Optional.of(step)))
                .toList();
        save(after, changed);
    }

    private void insert(Plan plan) {
        PlanColumns columns = PlanColumns.of(plan.state());
        handle.execute(
                """
                INSERT INTO plan (plan, tenant, server, backup_set, made_at, state, since, questions)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                """,
                plan.plan(),
                plan.tenant(),
                plan.server(),
                plan.mapiSet(),
                Timestamp.from(plan.madeAt()),
                columns.state().name(),
                Timestamp.from(columns.since()),
                columns.questions());
    }

    private void save(Plan plan, List<Step> steps) {
        if (steps.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO step (plan, step, tenant, position, state, since, attempts, command, due, word, category,
                    outcome)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                ON CONFLICT (plan, step) DO UPDATE SET state = excluded.state, since = excluded.since,
                    attempts = excluded.attempts, command = excluded.command, due = excluded.due, word = excluded.word,
                    category = excluded.category, outcome = excluded.outcome
                """);
        for (Step step : steps) {
            StepColumns columns = StepColumns.of(step.state());
            CommandId command = columns.command();
            batch.add(
                    plan.plan(),
                    step.key(),
                    plan.tenant(),
                    step.work().position(),
                    columns.state().name(),
                    Timestamp.from(columns.since()),
                    columns.attempts(),
                    command == null ? null : command.value(),
                    timestamp(columns.due()),
                    columns.word(),
                    columns.category(),
                    columns.outcome());
        }
        batch.execute();
    }

    private Plan withSteps(Plan plan) {
        List<Step> steps =
                handle.select("""
                        SELECT step, state, since, attempts, command, due, word, category, outcome::text AS outcome
                        FROM step WHERE plan = ?
                        """, plan.plan()).map((row, context) -> step(row)).list();
        return plan.with(plan.state(), steps);
    }

    private static Plan plan(ResultSet row) throws SQLException {
        PlanColumns columns = new PlanColumns(
                PlanColumns.Name.valueOf(row.getString("state")),
                row.getTimestamp("since").toInstant(),
                row.getString("questions"));
        return new Plan(
                new PlanId(row.getObject("plan", UUID.class)),
                new TenantId(row.getObject("tenant", UUID.class)),
                new ServerId(row.getObject("server", UUID.class)),
                new BackupSetId(row.getObject("backup_set", UUID.class)),
                row.getTimestamp("made_at").toInstant(),
                columns.toState(),
                List.of());
    }

    private static Step step(ResultSet row) throws SQLException {
        UUID command = row.getObject("command", UUID.class);
        Timestamp due = row.getTimestamp("due");
        StepColumns columns = new StepColumns(
                StepColumns.Name.valueOf(row.getString("state")),
                row.getTimestamp("since").toInstant(),
                row.getInt("attempts"),
                command == null ? null : new CommandId(command),
                due == null ? null : due.toInstant(),
                row.getString("word"),
                row.getString("category"),
                row.getString("outcome"));
        return new Step(Work.of(row.getString("step")), columns.toState());
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
