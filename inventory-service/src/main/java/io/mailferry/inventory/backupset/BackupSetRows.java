package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The backup sets' rows. */
@Singleton
public final class BackupSetRows {
    private final Clock clock;

    BackupSetRows(Clock clock) {
        this.clock = clock;
    }

    /** A set as it was last reported. */
    record Row(
            BackupSetId backupSet,
            ServerId server,
            String name,
            BackupMode mode,
            boolean scheduleEnabled,
            boolean retentionEnabled,
            long quotaBytes,
            long usedBytes,
            @Nullable Instant lastJobAt,
            boolean present,
            Optional<PublicFolders> publicFolders) {
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

    /** A set that its agent has just ceased to list. */
    record Absent(BackupSetId backupSet, ServerId server) {}

    /** The agent's own name of a set of this agent, which is what commands to it speak of. */
    public Optional<String> refOf(Transaction transaction, AgentId agent, BackupSetId set) {
        return transaction
                .handle()
                .select("SELECT ref FROM backup_set WHERE backup_set = ? AND agent = ?", set, agent)
                .mapTo(String.class)
                .findOne();
    }

    Optional<Row> find(Transaction transaction, AgentId agent, String ref) {
        return transaction
                .handle()
                .select("SELECT * FROM backup_set WHERE agent = ? AND ref = ?", agent, ref)
                .map(BackupSetRows::row)
                .findOne();
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        Timestamp lastJobAt = row.getTimestamp("last_job_at");
        return new Row(
                BackupSetId.of(row.getString("backup_set")),
                ServerId.of(row.getString("server")),
                row.getString("name"),
                BackupMode.valueOf(row.getString("mode")),
                row.getBoolean("schedule_enabled"),
                row.getBoolean("retention_enabled"),
                row.getLong("quota_bytes"),
                row.getLong("used_bytes"),
                lastJobAt == null ? null : lastJobAt.toInstant(),
                row.getBoolean("present"),
                publicFolders(row));
    }

    static Optional<PublicFolders> publicFolders(ResultSet row) throws SQLException {
        long items = row.getLong("public_folder_items");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new PublicFolders(items, row.getLong("public_folder_bytes")));
    }

    private static @Nullable Long items(AgentStatus.BackupSet reported) {
        return reported.publicFolders().map(PublicFolders::items).orElse(null);
    }

    private static @Nullable Long bytes(AgentStatus.BackupSet reported) {
        return reported.publicFolders().map(PublicFolders::bytes).orElse(null);
    }

    BackupSetId insert(Transaction transaction, ReportedBackupSets.Place place, AgentStatus.BackupSet reported) {
        BackupSetId fresh = BackupSetId.random();
        transaction
                .handle()
                .execute(
                        """
                        INSERT INTO backup_set (backup_set, tenant, agent, server, ref, name, mode, schedule_enabled,
                            retention_enabled, quota_bytes, used_bytes, public_folder_items, public_folder_bytes,
                            discovered_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        fresh,
                        place.tenant(),
                        place.agent(),
                        place.server(),
                        reported.ref(),
                        reported.name(),
                        reported.mode().name(),
                        reported.scheduleEnabled(),
                        reported.retentionEnabled(),
                        reported.quotaBytes(),
                        reported.usedBytes(),
                        items(reported),
                        bytes(reported),
                        clock.instant());
        return fresh;
    }

    void update(Transaction transaction, BackupSetId set, ServerId server, AgentStatus.BackupSet reported) {
        transaction
                .handle()
                .execute(
                        """
                        UPDATE backup_set SET server = ?, name = ?, mode = ?, schedule_enabled = ?, retention_enabled = ?,
                            quota_bytes = ?, used_bytes = ?, public_folder_items = ?, public_folder_bytes = ?,
                            present = true
                        WHERE backup_set = ?""",
                        server,
                        reported.name(),
                        reported.mode().name(),
                        reported.scheduleEnabled(),
                        reported.retentionEnabled(),
                        reported.quotaBytes(),
                        reported.usedBytes(),
                        items(reported),
                        bytes(reported),
                        set);
    }

    void updateLastJob(Transaction transaction, BackupSetId set, AgentStatus.LastJob job) {
        transaction
                .handle()
                .execute(
                        "UPDATE backup_set SET last_job_at = ?, last_job_outcome = ? WHERE backup_set = ?",
                        job.at(),
                        job.outcome().name(),
                        set);
    }

    /** In one order, so that the same status always tells the same events in the same order. */
    List<Absent> markAbsent(Transaction transaction, AgentId agent, List<String> presentRefs) {
        return transaction
                .handle()
                .createQuery("""
                        WITH gone AS (UPDATE backup_set SET present = false
                            WHERE agent = :agent AND present AND ref <> ALL (:refs) RETURNING backup_set, server, ref)
                        SELECT backup_set, server FROM gone ORDER BY ref""")
                .bind("agent", agent)
                .bindArray("refs", String.class, presentRefs)
                .map((row, context) ->
                        new Absent(BackupSetId.of(row.getString("backup_set")), ServerId.of(row.getString("server"))))
                .list();
    }
}
