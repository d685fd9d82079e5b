package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.BackupJobFailed;
import io.mailferry.contracts.inventory.InventoryEvent.BackupJobSucceeded;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetDisappeared;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetReturned;
import io.mailferry.contracts.inventory.InventoryEvent.QuotaChanged;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
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
    private final Changes changes;

    ReportedBackupSets(BackupSetRows rows, SetMailboxes mailboxes, Changes changes) {
        this.rows = rows;
        this.mailboxes = mailboxes;
        this.changes = changes;
    }

    /** Whose set it is and where it belongs, by which heartbeat. */
    record Place(TenantId tenant, ServerId server, Said.Agent said) {
        AgentId agent() {
            return said.agent();
        }
    }

    /** Takes all sets of one agent's status; sets that it no longer lists are kept as absent. Needs the server's row locked. */
    public void report(
            Transaction transaction,
            TenantId tenant,
            ServerId server,
            Said.Agent said,
            List<AgentStatus.BackupSet> reported) {
        Place place = new Place(tenant, server, said);
        for (AgentStatus.BackupSet set : reported) {
            report(transaction, place, set);
        }
        List<String> refs = reported.stream().map(AgentStatus.BackupSet::ref).toList();
        for (BackupSetRows.Absent gone : rows.markAbsent(transaction, said.agent(), refs)) {
            changes.tell(transaction, said, new BackupSetDisappeared(tenant, gone.server(), gone.backupSet()));
        }
    }

    private void report(Transaction transaction, Place place, AgentStatus.BackupSet reported) {
        Optional<BackupSetRows.Row> found = rows.find(transaction, place.agent(), reported.ref());
        BackupSetId set =
                found.map(BackupSetRows.Row::backupSet).orElseGet(() -> rows.insert(transaction, place, reported));
        if (found.isPresent() && !found.get().present()) {
            changes.tell(transaction, place.said(), new BackupSetReturned(place.tenant(), place.server(), set));
        }
        SetMailboxes.Difference members = mailboxes.report(transaction, place, set, reported.mailboxes());
        BackupSetChanged now = changed(place, set, reported);
        if (found.isEmpty()) {
            changes.tell(transaction, place.said(), now);
        } else {
            compare(transaction, place, found.get(), members, reported);
        }
        @Nullable Instant lastJobAt = found.map(BackupSetRows.Row::lastJobAt).orElse(null);
        reported.lastJob()
                .filter(job -> lastJobAt == null || job.at().isAfter(lastJobAt))
                .ifPresent(job -> finished(transaction, place, set, job));
    }

    /** Tells what differs of a set that was known before. */
    private void compare(
            Transaction transaction,
            Place place,
            BackupSetRows.Row known,
            SetMailboxes.Difference members,
            AgentStatus.BackupSet reported) {
        boolean sameQuota = known.quotaBytes() == reported.quotaBytes() && known.usedBytes() == reported.usedBytes();
        boolean same = known.says(place.server(), reported);
        if (!known.present() || !same || !sameQuota) {
            rows.update(transaction, known.backupSet(), place.server(), reported);
        }
        if (!same || members.any()) {
            changes.tell(
                    transaction,
                    place.said(),
                    known.changed(place, members.before()),
                    changed(place, known.backupSet(), reported));
        }
        if (!sameQuota) {
            changes.tell(
                    transaction,
                    place.said(),
                    quota(place, known.backupSet(), known.quotaBytes(), known.usedBytes()),
                    quota(place, known.backupSet(), reported.quotaBytes(), reported.usedBytes()));
        }
    }

    private static BackupSetChanged changed(Place place, BackupSetId set, AgentStatus.BackupSet reported) {
        return new BackupSetChanged(
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
                reported.publicFolders());
    }

    private static QuotaChanged quota(Place place, BackupSetId set, long quotaBytes, long usedBytes) {
        return new QuotaChanged(place.tenant(), place.server(), set, quotaBytes, usedBytes);
    }

    private void finished(Transaction transaction, Place place, BackupSetId set, AgentStatus.LastJob job) {
        rows.updateLastJob(transaction, set, job);
        changes.tell(
                transaction,
                place.said(),
                switch (job.outcome()) {
                    case SUCCEEDED -> new BackupJobSucceeded(place.tenant(), place.server(), set, job.at());
                    case FAILED -> new BackupJobFailed(place.tenant(), place.server(), set, job.at());
                });
    }
}
