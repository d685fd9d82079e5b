package io.mailferry.restore.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.archive.restorepoint.Finding;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of verification jobs. Every change of a running job is conditional on its holder. */
@Singleton
final class VerificationTable {
    private final ObjectMapper mapper;

    VerificationTable(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** @return false if the command has its job already */
    boolean insert(Handle handle, Verification verification) {
        Instant notBefore = switch (verification.state()) {
            case VerificationState.Queued queued -> queued.notBefore();
            case VerificationState.Running _,
                    VerificationState.Proven _,
                    VerificationState.Damaged _,
                    VerificationState.Failed _ -> throw new IllegalArgumentException("a job begins in the queue");
        };
        return handle.createUpdate("""
                        INSERT INTO verification (job, tenant, mailbox, wanted, command, server, expires_at,
                            requested_at, state, not_before)
                        VALUES (:job, :tenant, :mailbox, :wanted, :command, :server, :expiresAt,
                            :requestedAt, 'queued', :notBefore)
                        ON CONFLICT DO NOTHING""")
                        .bind("job", verification.job().value())
                        .bind("tenant", verification.tenant().value())
                        .bind("mailbox", verification.mailbox().value())
                        .bind("wanted", uuid(verification.wanted().map(RestorePointId::value)))
                        .bind(
                                "command",
                                uuid(verification
                                        .commanded()
                                        .map(by -> by.command().value())))
                        .bind(
                                "server",
                                uuid(verification
                                        .commanded()
                                        .map(by -> by.server().value())))
                        .bind("expiresAt", timestamp(verification.commanded().map(Verification.Commanded::expiresAt)))
                        .bind("requestedAt", Timestamp.from(verification.requestedAt()))
                        .bind("notBefore", Timestamp.from(notBefore))
                        .execute()
                == 1;
    }

    /** Takes the job that waits longest, or one whose worker is silent. */
    Optional<Verification> take(Handle handle, UUID holder, Instant now, Instant leaseUntil) {
        return handle.createQuery("""
                        UPDATE verification SET state = 'running', lease_holder = :holder, lease_until = :until,
                            attempts = attempts + 1, items = 0, bytes = 0, expected_items = 0
                        WHERE job = (
                            SELECT job FROM verification
                            WHERE (state = 'queued' AND not_before <= :now)
                               OR (state = 'running' AND lease_until < :now)
                            ORDER BY not_before, job LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING *""")
                .bind("holder", holder)
                .bind("until", Timestamp.from(leaseUntil))
                .bind("now", Timestamp.from(now))
                .map((row, context) -> read(row))
                .findOne();
    }

    /** @return false if the job is no longer this holder's */
    boolean renew(Handle handle, JobId job, VerificationState.Running running) {
        return handle.createUpdate("""
                        UPDATE verification SET lease_until = :until, items = :items, bytes = :bytes,
                            expected_items = :expected
                        WHERE job = :job AND lease_holder = :holder""")
                        .bind("job", job.value())
                        .bind("holder", running.holder())
                        .bind("until", Timestamp.from(running.leaseUntil()))
                        .bind("items", running.items())
                        .bind("bytes", running.bytes())
                        .bind("expected", running.expectedItems())
                        .execute()
                == 1;
    }

    /**
     * Ends the holder's turn with the job.
     *
     * @return false if the job is no longer this holder's, so that nothing of it may be told
     */
    boolean conclude(Handle handle, JobId job, UUID holder, VerificationState state) {
        Columns columns = columns(state);
        return handle.createUpdate("""
                        UPDATE verification SET state = :state, not_before = coalesce(:notBefore, not_before),
                            lease_holder = NULL, lease_until = NULL, finding = CAST(:finding AS jsonb),
                            category = :category, cause = :cause, finished_at = :finishedAt,
                            items = coalesce(:items, items), bytes = coalesce(:bytes, bytes)
                        WHERE job = :job AND lease_holder = :holder""")
                        .bind("job", job.value())
                        .bind("holder", holder)
                        .bind("state", columns.state)
                        .bind("notBefore", timestamp(Optional.ofNullable(columns.notBefore)))
                        .bind("finding", columns.finding == null ? null : write(columns.finding))
                        .bind("category", columns.category)
                        .bind("cause", columns.cause)
                        .bind("finishedAt", timestamp(Optional.ofNullable(columns.finishedAt)))
                        .bind("items", columns.finding == null ? null : columns.finding.items())
                        .bind("bytes", columns.finding == null ? null : columns.finding.bytes())
                        .execute()
                == 1;
    }

    /**
     * Puts the holder's job back into the queue as if it had not been begun.
     *
     * @return false if the job is no longer this holder's
     */
    boolean handBack(Handle handle, JobId job, UUID holder, Instant notBefore) {
        return handle.createUpdate("""
                        UPDATE verification SET state = 'queued', not_before = :notBefore, lease_holder = NULL,
                            lease_until = NULL, attempts = attempts - 1, handed_back = handed_back + 1
                        WHERE job = :job AND lease_holder = :holder""")
                        .bind("job", job.value())
                        .bind("holder", holder)
                        .bind("notBefore", Timestamp.from(notBefore))
                        .execute()
                == 1;
    }

    Optional<Verification> find(Handle handle, JobId job) {
        return handle.select("SELECT * FROM verification WHERE job = ?", job.value())
                .map((row, context) -> read(row))
                .findOne();
    }

    /** How many jobs are in each state. */
    Map<String, Long> countByState(Handle handle) {
        return handle
                .select("SELECT state, count(*) AS jobs FROM verification GROUP BY state")
                .map((row, context) -> Map.entry(row.getString("state"), row.getLong("jobs")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private record Columns(
            String state,
            @Nullable Instant notBefore,
            @Nullable Finding finding,
            @Nullable String category,
            @Nullable String cause,
            @Nullable Instant finishedAt) {}

    private static Columns columns(VerificationState state) {
        return switch (state) {
            case VerificationState.Queued queued -> new Columns("queued", queued.notBefore(), null, null, null, null);
            case VerificationState.Running _ -> throw new IllegalArgumentException("a turn does not end by running");
            case VerificationState.Proven proven ->
                new Columns("proven", null, proven.finding(), null, null, proven.finishedAt());
            case VerificationState.Damaged damaged ->
                new Columns("damaged", null, damaged.finding(), null, null, damaged.finishedAt());
            case VerificationState.Failed failed ->
                new Columns(
                        "failed",
                        null,
                        null,
                        failed.category().name(),
                        failed.cause().name(),
                        failed.finishedAt());
        };
    }

    private Verification read(ResultSet row) throws SQLException {
        Optional<Verification.Commanded> commanded = Optional.empty();
        if (row.getString("command") != null) {
            commanded = Optional.of(new Verification.Commanded(
                    CommandId.of(row.getString("command")),
                    ServerId.of(row.getString("server")),
                    instant(row, "expires_at")));
        }
        return new Verification(
                JobId.of(row.getString("job")),
                TenantId.of(row.getString("tenant")),
                MailboxId.of(row.getString("mailbox")),
                Optional.ofNullable(row.getString("wanted")).map(RestorePointId::of),
                commanded,
                instant(row, "requested_at"),
                row.getInt("attempts"),
                row.getInt("handed_back"),
                state(row));
    }

    private VerificationState state(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return switch (state) {
            case "queued" -> new VerificationState.Queued(instant(row, "not_before"));
            case "running" ->
                new VerificationState.Running(
                        UUID.fromString(row.getString("lease_holder")),
                        instant(row, "lease_until"),
                        row.getLong("items"),
                        row.getLong("bytes"),
                        row.getLong("expected_items"));
            case "proven" -> new VerificationState.Proven(finding(row), instant(row, "finished_at"));
            case "damaged" -> new VerificationState.Damaged(finding(row), instant(row, "finished_at"));
            case "failed" ->
                new VerificationState.Failed(
                        FailureCategory.valueOf(row.getString("category")),
                        FailureCause.valueOf(row.getString("cause")),
                        instant(row, "finished_at"));
            default -> throw new IllegalStateException("the database holds a state this version does not know");
        };
    }

    private Finding finding(ResultSet row) throws SQLException {
        try {
            return mapper.readValue(row.getString("finding"), Finding.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a finding this version cannot read", e);
        }
    }

    private String write(Finding finding) {
        try {
            return mapper.writeValueAsString(finding);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a finding can always be written as JSON", e);
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    private static @Nullable UUID uuid(Optional<UUID> value) {
        return value.orElse(null);
    }

    private static @Nullable Timestamp timestamp(Optional<Instant> value) {
        return value.map((Function<Instant, Timestamp>) Timestamp::from).orElse(null);
    }
}
