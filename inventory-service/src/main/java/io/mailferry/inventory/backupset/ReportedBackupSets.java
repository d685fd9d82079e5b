package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.agent.AgentStatus.JobOutcome;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupJobFailed;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what agents say of their backup sets into rows and events. */
@Singleton
public final class ReportedBackupSets {
    private final BackupSetRows rows;
    private final SetMailboxes mailboxes;

    ReportedBackupSets(BackupSetRows rows, SetMailboxes mailboxes) {
        this.rows = rows;
        this.mailboxes = mailboxes;
    }

    /** Whose set it is and where it belongs. */
    record Place(TenantId tenant, ServerId server, AgentId agent) {}

    /** Takes all sets of one agent's status; sets that it no longer lists are kept as absent. Needs the server's row locked. */
    public void report(
            Transaction transaction,
            TenantId tenant,
            ServerId server,
            AgentId agent,
            List<AgentStatus.BackupSet> reported) {
        Place place = new Place(tenant, server, agent);
        for (AgentStatus.BackupSet set : reported) {
            report(transaction, place, set);
        }
        rows.markAbsent(
                transaction,
                agent,
                reported.stream().map(AgentStatus.BackupSet::ref).toList());
    }

    private void report(Transaction transaction, Place place, AgentStatus.BackupSet reported) {
        Optional<BackupSetRows.Row> known = rows.find(transaction, place.agent(), reported.ref());
        BackupSetId set =
                known.map(BackupSetRows.Row::backupSet).orElseGet(() -> rows.insert(transaction, place, reported));
        boolean membersChanged = mailboxes.report(transaction, place, set, reported.mailboxes());
        boolean stillTheSame = known.isPresent() && known.get().says(place.server(), reported);
        if (!stillTheSame) {
            rows.update(transaction, set, place.server(), reported);
        }
        if (!stillTheSame || membersChanged) {
            transaction.publish(new BackupSetChanged(
                    place.tenant(),
                    place.server(),
                    set,
                    place.agent(),
                    reported.name(),
                    reported.mode(),
                    reported.scheduleEnabled(),
                    reported.retentionEnabled(),
                    reported.quotaBytes(),
                    reported.usedBytes(),
                    reported.mailboxes().size(),
                    reported.publicFolders()));
        }
        @Nullable Instant lastJobAt = known.map(BackupSetRows.Row::lastJobAt).orElse(null);
        reported.lastJob()
                .filter(job -> lastJobAt == null || job.at().isAfter(lastJobAt))
                .ifPresent(job -> finished(transaction, place, set, job));
    }

    private void finished(Transaction transaction, Place place, BackupSetId set, AgentStatus.LastJob job) {
        rows.updateLastJob(transaction, set, job);
        if (job.outcome() == JobOutcome.FAILED) {
            transaction.publish(new BackupJobFailed(place.tenant(), place.server(), set, job.at()));
        }
    }
}
