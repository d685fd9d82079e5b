package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.inventory.InventoryEvent.BackupJobFailed;
import io.mailferry.contracts.inventory.InventoryEvent.BackupJobSucceeded;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetChanged;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetDisappeared;
import io.mailferry.contracts.inventory.InventoryEvent.BackupSetReturned;
import io.mailferry.contracts.inventory.InventoryEvent.QuotaChanged;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.mailbox.Mailboxes;
import io.mailferry.inventory.mailbox.ReportedMailboxes;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what agents say of their backup sets into rows and events. */
@Singleton
public final class ReportedBackupSets {
    private final BackupSetRows rows;
    private final Mailboxes mailboxes;
    private final Changes changes;

    ReportedBackupSets(BackupSetRows rows, Mailboxes mailboxes, Changes changes) {
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

    /** All sets of one agent's status. */
    public record Report(ServerId server, Said.Agent said, List<AgentStatus.BackupSet> sets) {}

    /** Reads all that these reports can change. Needs their agents' and servers' rows locked. */
    public Known read(Transaction transaction, TenantId tenant, List<Report> reports) {
        Known known = new Known(transaction, tenant);
        known.read(reports);
        return known;
    }

    /** The sets of the agents of one transaction's reports, as these change them. */
    public final class Known {
        private final Transaction transaction;
        private final TenantId tenant;
        private final SetMailboxes members;
        /** By the agents' own names of them in order, so that the same status always tells its events in the same order. */
        private final Map<AgentId, SortedMap<String, BackupSetRows.Row>> byAgent = new HashMap<>();

        private final Map<BackupSetId, BackupSetRows.Row> changed = new LinkedHashMap<>();

        private Known(Transaction transaction, TenantId tenant) {
            this.transaction = transaction;
            this.tenant = tenant;
            this.members = new SetMailboxes(transaction, changes, mailboxes.reported(transaction, tenant));
        }

        private void read(List<Report> reports) {
            Map<AgentId, Set<String>> refs = new HashMap<>();
            List<ReportedMailboxes.Named> named = new ArrayList<>();
            for (Report report : reports) {
                Set<String> ofAgent = refs.computeIfAbsent(report.said().agent(), unused -> new HashSet<>());
                for (AgentStatus.BackupSet set : report.sets()) {
                    ofAgent.add(set.ref());
                    set.mailboxes()
                            .forEach(mailbox -> named.add(new ReportedMailboxes.Named(
                                    report.server(), mailbox.exchangeGuid(), mailbox.address())));
                }
            }
            List<BackupSetId> listed = new ArrayList<>();
            for (BackupSetRows.Row row : rows.of(transaction, refs.keySet())) {
                of(row.agent()).put(row.ref(), row);
                if (refs.getOrDefault(row.agent(), Set.of()).contains(row.ref())) {
                    listed.add(row.backupSet());
                }
            }
            members.read(listed, named);
        }

        private SortedMap<String, BackupSetRows.Row> of(AgentId agent) {
            return byAgent.computeIfAbsent(agent, unused -> new TreeMap<>());
        }

        private void change(BackupSetRows.Row now) {
            of(now.agent()).put(now.ref(), now);
            changed.put(now.backupSet(), now);
        }

        /** Takes one of the reports that were read; sets that it no longer lists are kept as absent. */
        public void report(Report report) {
            Place place = new Place(tenant, report.server(), report.said());
            Set<String> listed = new HashSet<>();
            for (AgentStatus.BackupSet set : report.sets()) {
                listed.add(set.ref());
                report(place, set);
            }
            List<BackupSetRows.Row> gone = of(place.agent()).values().stream()
                    .filter(row -> row.present() && !listed.contains(row.ref()))
                    .toList();
            for (BackupSetRows.Row row : gone) {
                change(row.absent());
                changes.tell(
                        transaction, place.said(), new BackupSetDisappeared(tenant, row.server(), row.backupSet()));
            }
        }

        private void report(Place place, AgentStatus.BackupSet reported) {
            BackupSetRows.@Nullable Row known = of(place.agent()).get(reported.ref());
            BackupSetId set = known == null ? BackupSetId.random() : known.backupSet();
            if (known != null && !known.present()) {
                changes.tell(transaction, place.said(), new BackupSetReturned(tenant, place.server(), set));
            }
            SetMailboxes.Difference difference = members.report(place, set, reported.mailboxes());
            if (known == null) {
                changes.tell(transaction, place.said(), changed(place, set, reported));
            } else {
                compare(place, known, difference, reported);
            }
            Optional<AgentStatus.LastJob> before = Optional.ofNullable(known).flatMap(BackupSetRows.Row::lastJob);
            Optional<AgentStatus.LastJob> finished = reported.lastJob()
                    .filter(job ->
                            before.isEmpty() || job.at().isAfter(before.get().at()));
            finished.ifPresent(job -> changes.tell(transaction, place.said(), finished(place, set, job)));
            BackupSetRows.Row now =
                    BackupSetRows.Row.of(set, place.agent(), place.server(), reported, finished.or(() -> before));
            if (!now.equals(known)) {
                change(now);
            }
        }

        /** Tells what differs of a set that was known before. */
        private void compare(
                Place place,
                BackupSetRows.Row known,
                SetMailboxes.Difference difference,
                AgentStatus.BackupSet reported) {
            if (!known.says(place.server(), reported) || difference.any()) {
                changes.tell(
                        transaction,
                        place.said(),
                        known.changed(place, difference.before()),
                        changed(place, known.backupSet(), reported));
            }
            if (known.quotaBytes() != reported.quotaBytes() || known.usedBytes() != reported.usedBytes()) {
                changes.tell(
                        transaction,
                        place.said(),
                        quota(place, known.backupSet(), known.quotaBytes(), known.usedBytes()),
                        quota(place, known.backupSet(), reported.quotaBytes(), reported.usedBytes()));
            }
        }

        /** Writes what was reported. */
        public void write() {
            rows.write(transaction, tenant, changed.values());
            members.write(tenant);
            changed.clear();
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

    private static InventoryEvent.OfServer finished(Place place, BackupSetId set, AgentStatus.LastJob job) {
        return switch (job.outcome()) {
            case SUCCEEDED -> new BackupJobSucceeded(place.tenant(), place.server(), set, job.at());
            case FAILED -> new BackupJobFailed(place.tenant(), place.server(), set, job.at());
        };
    }
}
