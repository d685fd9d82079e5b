package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.messaging.transaction.RowArrays;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The backup sets' rows. */
@Singleton
public final class BackupSetRows {
    private static final String WRITE = """
            INSERT INTO backup_set (backup_set, tenant, agent, server, ref, name, mode, schedule_enabled,
                retention_enabled, quota_bytes, used_bytes, last_job_at, last_job_outcome, present, public_folder_items,
                public_folder_bytes, discovered_at)
            SELECT backup_set, CAST(:tenant AS uuid), agent, server, ref, name, mode, schedule, retention, quota, used,
                CAST(job AS timestamptz), outcome, present, folder_items, folder_bytes, CAST(:now AS timestamptz)
            FROM unnest(:sets, :agents, :servers, :refs, :names, :modes, :schedules, :retentions, :quotas, :used, :jobs,
                    :outcomes, :present, :folder_items, :folder_bytes)
                AS s (backup_set, agent, server, ref, name, mode, schedule, retention, quota, used, job, outcome, present,
                    folder_items, folder_bytes)
            ON CONFLICT (backup_set) DO UPDATE
            SET server = excluded.server, name = excluded.name, mode = excluded.mode,
                schedule_enabled = excluded.schedule_enabled, retention_enabled = excluded.retention_enabled,
                quota_bytes = excluded.quota_bytes, used_bytes = excluded.used_bytes,
                last_job_at = excluded.last_job_at, last_job_outcome = excluded.last_job_outcome,
                present = excluded.present, public_folder_items = excluded.public_folder_items,
                public_folder_bytes = excluded.public_folder_bytes""";

    private final Clock clock;

    BackupSetRows(Clock clock) {
        this.clock = clock;
    }

    /** A set as it was last reported. */
    record Row(
            BackupSetId backupSet,
            AgentId agent,
            String ref,
            ServerId server,
            String name,
            BackupMode mode,
            boolean scheduleEnabled,
            boolean retentionEnabled,
            long quotaBytes,
            long usedBytes,
            Optional<AgentStatus.LastJob> lastJob,
            boolean present,
            Optional<PublicFolders> publicFolders) {
        /** As it is reported now; of two jobs the later one is the last. */
        static Row of(
                BackupSetId backupSet,
                AgentId agent,
                ServerId server,
                AgentStatus.BackupSet reported,
                Optional<AgentStatus.LastJob> lastJob) {
            return new Row(
                    backupSet,
                    agent,
                    reported.ref(),
                    server,
                    reported.name(),
                    reported.mode(),
                    reported.scheduleEnabled(),
                    reported.retentionEnabled(),
                    reported.quotaBytes(),
                    reported.usedBytes(),
                    lastJob,
                    true,
                    reported.publicFolders());
        }

        /** The same, no longer listed by its agent. */
        Row absent() {
            return new Row(
                    backupSet,
                    agent,
                    ref,
                    server,
                    name,
                    mode,
                    scheduleEnabled,
                    retentionEnabled,
                    quotaBytes,
                    usedBytes,
                    lastJob,
                    false,
                    publicFolders);
        }

        /** Whether the agent says the same of the set as before; its mailboxes and its quota are compared apart. */
        boolean says(ServerId now, AgentStatus.BackupSet reported) {
            return server.equals(now)
                    && name.equals(reported.name())
                    && mode == reported.mode()
                    && scheduleEnabled == reported.scheduleEnabled()
                    && retentionEnabled == reported.retentionEnabled()
                    && publicFolders.equals(reported.publicFolders());
        }

        /** This state as it was told when it began. */
        BackupSetChanged changed(ReportedBackupSets.Place place, int mailboxes) {
            return new BackupSetChanged(
                    place.tenant(),
                    server,
                    backupSet,
                    place.agent(),
                    name,
                    mode,
                    scheduleEnabled,
                    retentionEnabled,
                    quotaBytes,
                    usedBytes,
                    mailboxes,
                    publicFolders);
        }
    }

    /** The agent's own name of a set of this agent, which is what commands to it speak of. */
    public Optional<String> refOf(Transaction transaction, AgentId agent, BackupSetId set) {
        return transaction
                .handle()
                .select("SELECT ref FROM backup_set WHERE backup_set = ? AND agent = ?", set, agent)
                .mapTo(String.class)
                .findOne();
    }

    /** All sets of these agents, also those that they no longer list. */
    List<Row> of(Transaction transaction, Collection<AgentId> agents) {
        return RowArrays.of(agents)
                .ids("agents", agent -> agent)
                .read(transaction, "SELECT * FROM backup_set WHERE agent = ANY (:agents)", (row, context) -> row(row));
    }

    private static Row row(ResultSet row) throws SQLException {
        Timestamp lastJobAt = row.getTimestamp("last_job_at");
        return new Row(
                new BackupSetId(row.getObject("backup_set", UUID.class)),
                new AgentId(row.getObject("agent", UUID.class)),
                row.getString("ref"),
                new ServerId(row.getObject("server", UUID.class)),
                row.getString("name"),
                BackupMode.valueOf(row.getString("mode")),
                row.getBoolean("schedule_enabled"),
                row.getBoolean("retention_enabled"),
                row.getLong("quota_bytes"),
                row.getLong("used_bytes"),
                lastJobAt == null
                        ? Optional.empty()
                        : Optional.of(new AgentStatus.LastJob(
                                lastJobAt.toInstant(),
                                AgentStatus.JobOutcome.valueOf(row.getString("last_job_outcome")))),
                row.getBoolean("present"),
                publicFolders(row));
    }

    static Optional<PublicFolders> publicFolders(ResultSet row) throws SQLException {
        long items = row.getLong("public_folder_items");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new PublicFolders(items, row.getLong("public_folder_bytes")));
    }

    /** Rows of sets that are new or have changed. */
    void write(Transaction transaction, TenantId tenant, Collection<Row> rows) {
        RowArrays.of(rows)
                .ids("sets", Row::backupSet)
                .ids("agents", Row::agent)
                .ids("servers", Row::server)
                .column("refs", String.class, Row::ref)
                .column("names", String.class, Row::name)
                .column("modes", String.class, row -> row.mode().name())
                .column("schedules", Boolean.class, Row::scheduleEnabled)
                .column("retentions", Boolean.class, Row::retentionEnabled)
                .column("quotas", Long.class, Row::quotaBytes)
                .column("used", Long.class, Row::usedBytes)
                .moments(
                        "jobs",
                        row -> row.lastJob().map(AgentStatus.LastJob::at).orElse(null))
                .column(
                        "outcomes",
                        String.class,
                        row -> row.lastJob().map(job -> job.outcome().name()).orElse(null))
                .column("present", Boolean.class, Row::present)
                .column(
                        "folder_items",
                        Long.class,
                        row -> row.publicFolders().map(PublicFolders::items).orElse(null))
                .column(
                        "folder_bytes",
                        Long.class,
                        row -> row.publicFolders().map(PublicFolders::bytes).orElse(null))
                .value("tenant", tenant)
                .value("now", clock.instant())
                .write(transaction, WRITE);
    }
}
