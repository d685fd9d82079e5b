package io.mailferry.exporter.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import io.mailferry.exporter.attempt.ExportedMailbox;
import io.mailferry.exporter.slot.ServerSlots;
import io.mailferry.messaging.cloudevents.EventMapper;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of export jobs. Every change of a running job is conditional on its lease. */
@Singleton
final class JobTable {
    private static final int LISTED_MAX = 500;

    private final ObjectMapper mapper = EventMapper.create();

    /** @return false if the command has its job already */
    boolean insert(Handle handle, Job job) {
        ExportedMailbox mailbox = job.mailbox();
        return handle.createUpdate("""
                        INSERT INTO job (job, tenant, server, mailbox, command, address, endpoint, requested_at,
                            expires_at, state, not_before)
                        VALUES (:job, :tenant, :server, :mailbox, :command, :address, :endpoint, :requestedAt,
                            :expiresAt, 'waiting', :requestedAt)
                        ON CONFLICT DO NOTHING""")
                        .bind("job", job.job().value())
                        .bind("tenant", mailbox.tenant().value())
                        .bind("server", mailbox.server().value())
                        .bind("mailbox", mailbox.mailbox().value())
                        .bind("command", job.command().value())
                        .bind("address", mailbox.address().value())
                        .bind("endpoint", write(mailbox.endpoint()))
                        .bind("requestedAt", Timestamp.from(job.requestedAt()))
                        .bind("expiresAt", Timestamp.from(job.expiresAt()))
                        .execute()
                == 1;
    }

    /** The job that waits longest among those that may be begun now, locked; jobs in others' hands are passed over. */
    Optional<Job> lockNext(Handle handle, Instant now) {
        return handle.createQuery("""
                        SELECT * FROM job j
                        WHERE ((j.state = 'waiting' AND j.not_before <= :now
                                AND NOT EXISTS (SELECT 1 FROM job o WHERE o.mailbox = j.mailbox
                                                AND o.state = 'running'))
                               OR (j.state = 'running' AND j.lease_until < :now))
                          AND""" + " " + ServerSlots.SERVER_HAS_ROOM + """
                         ORDER BY j.not_before, j.requested_at LIMIT 1 FOR UPDATE OF j SKIP LOCKED""")
                .bind("now", Timestamp.from(now))
                .map((row, context) -> read(row))
                .findOne();
    }

    /** Begins a turn with a locked job. */
    void begin(Handle handle, JobId job, UUID lease, Instant until) {
        handle.execute(
                "UPDATE job SET state = 'running', lease = ?, lease_until = ?, turns = turns + 1,"
                        + " turns_in_vain = turns_in_vain + 1, turns_at_place = turns_at_place + 1 WHERE job = ?",
                lease,
                Timestamp.from(until),
                job);
    }

    /** @return false if the job is no longer this lease's */
    boolean renew(Handle handle, JobId job, UUID lease, Instant until, Job.Progress progress, boolean hasStored) {
        return handle.createUpdate("""
                        UPDATE job SET lease_until = :until, items = :items, bytes = :bytes,
                            expected_items = :expected, skipped = :skipped,
                            turns_in_vain = CASE WHEN :stored THEN 0 ELSE turns_in_vain END,
                            category = CASE WHEN :stored THEN NULL ELSE category END,
                            cause = CASE WHEN :stored THEN NULL ELSE cause END
                        WHERE job = :job AND lease = :lease""")
                        .bind("until", Timestamp.from(until))
                        .bind("items", progress.items())
                        .bind("bytes", progress.bytes())
                        .bind("expected", progress.expectedItems())
                        .bind("skipped", progress.skipped())
                        .bind("stored", hasStored)
                        .bind("job", job.value())
                        .bind("lease", lease)
                        .execute()
                == 1;
    }

    /**
     * Ends the turn of a lease.
     *
     * @return false if the job is no longer this lease's, so that nothing of it may be told
     */
    boolean conclude(Handle handle, JobId job, UUID lease, JobState state) {
        return conclude(handle, "job = :job AND lease = :lease", job, lease, state);
    }

    /** Ends a locked job that is not to be begun. */
    void conclude(Handle handle, JobId job, JobState state) {
        conclude(handle, "job = :job AND CAST(:lease AS uuid) IS NULL", job, null, state);
    }

    private boolean conclude(Handle handle, String where, JobId job, @Nullable UUID lease, JobState state) {
        Columns columns = columns(state);
        return handle.createUpdate("""
                        UPDATE job SET state = :state, not_before = coalesce(:notBefore, not_before), lease = NULL,
                            lease_until = NULL, outcome = :outcome, category = :category, cause = :cause,
                            finished_at = :finishedAt
                        WHERE""" + " " + where)
                        .bind("state", columns.state)
                        .bind("notBefore", timestamp(columns.notBefore))
                        .bind("outcome", columns.outcome == null ? null : write(columns.outcome))
                        .bind("category", columns.category)
                        .bind("cause", columns.cause)
                        .bind("finishedAt", timestamp(columns.finishedAt))
                        .bind("job", job.value())
                        .bind("lease", lease)
                        .execute()
                == 1;
    }

    /** A turn that was given back in good order was not in vain. */
    void forgiveTurn(Handle handle, JobId job) {
        handle.execute(
                "UPDATE job SET turns_in_vain = greatest(0, turns_in_vain - 1),"
                        + " turns_at_place = greatest(0, turns_at_place - 1) WHERE job = ?",
                job);
    }

    /** The turn that just ended failed elsewhere than the one before. */
    void moveOn(Handle handle, JobId job, String place) {
        handle.execute("UPDATE job SET place = ?, turns_at_place = 1 WHERE job = ?", place, job);
    }

    List<Job> list(Handle handle, Optional<MailboxId> mailbox) {
        return handle.createQuery("""
                        SELECT * FROM job WHERE CAST(:mailbox AS uuid) IS NULL OR mailbox = :mailbox
                        ORDER BY requested_at DESC, job LIMIT :limit""")
                .bind("mailbox", mailbox.map(MailboxId::value).orElse(null))
                .bind("limit", LISTED_MAX)
                .map((row, context) -> read(row))
                .list();
    }

    /** Whether any mailbox of the tenant has a restore point that this service was told of. */
    boolean hasSucceeded(Handle handle, TenantId tenant) {
        return handle.select("SELECT EXISTS (SELECT 1 FROM job WHERE tenant = ? AND state = 'succeeded')", tenant)
                .mapTo(Boolean.class)
                .one();
    }

    Map<String, Long> countByState(Handle handle) {
        return handle
                .select("SELECT state, count(*) AS jobs FROM job GROUP BY state")
                .map((row, context) -> Map.entry(row.getString("state"), row.getLong("jobs")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private record Columns(
            String state,
            @Nullable Instant notBefore,
            @Nullable ExportFinished outcome,
            @Nullable String category,
            @Nullable String cause,
            @Nullable Instant finishedAt) {}

    private static Columns columns(JobState state) {
        return switch (state) {
            case JobState.Waiting(Instant notBefore, JobState.@Nullable Setback after) ->
                new Columns(
                        "waiting",
                        notBefore,
                        null,
                        after == null ? null : after.category().name(),
                        after == null ? null : after.cause(),
                        null);
            case JobState.Running _ -> throw new IllegalArgumentException("a turn does not end by running");
            case JobState.Succeeded succeeded ->
                new Columns("succeeded", null, succeeded.outcome(), null, null, succeeded.at());
            case JobState.Failed failed ->
                new Columns("failed", null, null, failed.category().name(), failed.cause(), failed.at());
            case JobState.Expired expired -> new Columns("expired", null, null, null, null, expired.at());
        };
    }

    private Job read(ResultSet row) throws SQLException {
        return new Job(
                JobId.of(row.getString("job")),
                CommandId.of(row.getString("command")),
                new ExportedMailbox(
                        TenantId.of(row.getString("tenant")),
                        ServerId.of(row.getString("server")),
                        MailboxId.of(row.getString("mailbox")),
                        new SealedAddress(row.getString("address")),
                        read(row.getString("endpoint"), EwsEndpoint.class)),
                instant(row, "requested_at"),
                instant(row, "expires_at"),
                row.getInt("turns"),
                row.getInt("turns_in_vain"),
                row.getInt("turns_at_place"),
                row.getString("place"),
                new Job.Progress(
                        row.getLong("items"),
                        row.getLong("bytes"),
                        row.getLong("expected_items"),
                        row.getLong("skipped")),
                state(row));
    }

    private JobState state(ResultSet row) throws SQLException {
        return switch (row.getString("state")) {
            case "waiting" -> new JobState.Waiting(instant(row, "not_before"), setback(row));
            case "running" ->
                new JobState.Running(
                        UUID.fromString(row.getString("lease")), instant(row, "lease_until"), setback(row));
            case "succeeded" ->
                new JobState.Succeeded(
                        read(row.getString("outcome"), ExportFinished.class), instant(row, "finished_at"));
            case "failed" ->
                new JobState.Failed(
                        FailureCategory.valueOf(row.getString("category")),
                        row.getString("cause"),
                        instant(row, "finished_at"));
            case "expired" -> new JobState.Expired(instant(row, "finished_at"));
            default -> throw new IllegalStateException("the database holds a state this version does not know");
        };
    }

    private static JobState.@Nullable Setback setback(ResultSet row) throws SQLException {
        String cause = row.getString("cause");
        return cause == null ? null : new JobState.Setback(FailureCategory.valueOf(row.getString("category")), cause);
    }

    private <T> T read(String json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds what this version cannot read: " + type);
        }
    }

    private String write(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("contracts can always be written as JSON", e);
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }
}
