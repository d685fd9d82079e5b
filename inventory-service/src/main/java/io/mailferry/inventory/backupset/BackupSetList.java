package io.mailferry.inventory.backupset;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentStatus.JobOutcome;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Page;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Backup sets as their tenant's operators see them. */
@Singleton
final class BackupSetList {
    private static final String COLUMNS =
            "s.*, (SELECT count(*) FROM backup_set_mailbox m WHERE m.backup_set = s.backup_set) AS mailboxes";

    private final TenantTransactions transactions;
    private final CallerTenants caller;

    BackupSetList(TenantTransactions transactions, CallerTenants caller) {
        this.transactions = transactions;
        this.caller = caller;
    }

    record LastJob(Instant at, JobOutcome outcome) {}

    /**
     * @param ref the agent's own name of the set
     * @param quotaBytes of the vendor's storage; what Mailferry stores lies elsewhere
     * @param publicFolders what the set backs up of public folders; absent when it backs up none
     * @param present false when the agent's newest status no longer lists it
     */
    record BackupSet(
            BackupSetId backupSetId,
            ServerId serverId,
            AgentId agentId,
            String ref,
            String name,
            BackupMode mode,
            boolean scheduleEnabled,
            boolean retentionEnabled,
            long quotaBytes,
            long usedBytes,
            @Nullable LastJob lastJob,
            int mailboxes,
            @Nullable PublicFolders publicFolders,
            boolean present) {}

    /** Which sets are asked for; what is null narrows nothing. */
    record Wanted(
            @Nullable String search,
            @Nullable UUID server,
            @Nullable UUID agent,
            @Nullable BackupMode mode,
            @Nullable Boolean present) {}

    /** By name, one more than the page holds if there are more. */
    List<BackupSet> of(TenantId tenant, Wanted wanted, Page page) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .createQuery("SELECT " + COLUMNS + """
                         FROM backup_set s
                        WHERE (CAST(:search AS text) IS NULL OR position(lower(:search) IN lower(s.name)) > 0)
                            AND (CAST(:server AS uuid) IS NULL OR s.server = CAST(:server AS uuid))
                            AND (CAST(:agent AS uuid) IS NULL OR s.agent = CAST(:agent AS uuid))
                            AND (CAST(:mode AS text) IS NULL OR s.mode = :mode)
                            AND (CAST(:present AS boolean) IS NULL OR s.present = :present)
                            AND (CAST(:after AS uuid) IS NULL OR (lower(s.name), s.backup_set) >
                                (SELECT lower(name), backup_set FROM backup_set
                                    WHERE backup_set = CAST(:after AS uuid)))
                        ORDER BY lower(s.name), s.backup_set LIMIT :rows""")
                        .bind("search", wanted.search())
                        .bind("server", wanted.server())
                        .bind("agent", wanted.agent())
                        .bind(
                                "mode",
                                wanted.mode() == null ? null : wanted.mode().name())
                        .bind("present", wanted.present())
                        .bind("after", page.afterIn(transaction, "backup_set", "backup_set"))
                        .bind("rows", page.rows())
                        .map(BackupSetList::set)
                        .list());
    }

    /** @throws ProblemException 404 if there is none, or it is another tenant's */
    BackupSet one(BackupSetId set) {
        TenantId tenant = transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant FROM backup_set WHERE backup_set = ?", set)
                .mapTo(TenantId.class)
                .findOne()
                .orElseThrow(ProblemException::notFound));
        return transactions.inTenant(
                caller.require(tenant),
                transaction -> transaction
                        .handle()
                        .select("SELECT " + COLUMNS + " FROM backup_set s WHERE s.backup_set = ?", set)
                        .map(BackupSetList::set)
                        .findOne()
                        .orElseThrow(ProblemException::notFound));
    }

    private static BackupSet set(ResultSet row, StatementContext context) throws SQLException {
        Timestamp lastJobAt = row.getTimestamp("last_job_at");
        return new BackupSet(
                BackupSetId.of(row.getString("backup_set")),
                ServerId.of(row.getString("server")),
                AgentId.of(row.getString("agent")),
                row.getString("ref"),
                row.getString("name"),
                BackupMode.valueOf(row.getString("mode")),
                row.getBoolean("schedule_enabled"),
                row.getBoolean("retention_enabled"),
                row.getLong("quota_bytes"),
                row.getLong("used_bytes"),
                lastJobAt == null
                        ? null
                        : new LastJob(lastJobAt.toInstant(), JobOutcome.valueOf(row.getString("last_job_outcome"))),
                row.getInt("mailboxes"),
                BackupSetRows.publicFolders(row).orElse(null),
                row.getBoolean("present"));
    }
}
