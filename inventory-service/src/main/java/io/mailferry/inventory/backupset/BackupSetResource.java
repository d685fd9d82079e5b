package io.mailferry.inventory.backupset;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.agent.AgentStatus.JobOutcome;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Tenants;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** A tenant's backup sets, for operators. */
@Path("/api/v1/tenants/{tenant}/backup-sets")
@Produces(MediaType.APPLICATION_JSON)
final class BackupSetResource {
    private static final int LISTED_MAX = 10_000;

    private final TenantTransactions transactions;
    private final Tenants tenants;

    BackupSetResource(TenantTransactions transactions, Tenants tenants) {
        this.transactions = transactions;
        this.tenants = tenants;
    }

    record LastJob(Instant at, JobOutcome outcome) {}

    /**
     * @param ref the agent's own name of the set
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

    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<BackupSet> list(@PathParam("tenant") TenantId tenant) {
        return transactions.inTenant(
                tenants.require(tenant),
                transaction -> transaction
                        .handle()
                        .select("""
                        SELECT s.*, (SELECT count(*) FROM backup_set_mailbox m WHERE m.backup_set = s.backup_set) AS mailboxes
                        FROM backup_set s ORDER BY lower(s.name), s.backup_set LIMIT\s""" + LISTED_MAX)
                        .map(BackupSetResource::set)
                        .list());
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
