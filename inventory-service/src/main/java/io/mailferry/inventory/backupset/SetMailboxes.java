package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxLeft;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.mailbox.ReportedMailboxes;
import io.mailferry.messaging.transaction.RowArrays;
import io.mailferry.messaging.transaction.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which mailboxes the sets of one transaction's statuses hold, with the figures that each set has of them; read together,
 * written together.
 */
final class SetMailboxes {
    private static final String READ = """
            SELECT b.backup_set, b.items, b.bytes, m.mailbox, m.server, m.exchange_guid, m.address
            FROM backup_set_mailbox b JOIN mailbox m ON m.mailbox = b.mailbox
            WHERE b.backup_set = ANY (:sets)""";

    private static final String WRITE = """
            INSERT INTO backup_set_mailbox (tenant, backup_set, mailbox, items, bytes)
            SELECT CAST(:tenant AS uuid), backup_set, mailbox, items, bytes
            FROM unnest(:sets, :mailboxes, :items, :bytes) AS m (backup_set, mailbox, items, bytes)
            ON CONFLICT (backup_set, mailbox) DO UPDATE SET items = excluded.items, bytes = excluded.bytes""";

    private static final String DELETE = """
            DELETE FROM backup_set_mailbox b USING unnest(:sets, :mailboxes) AS m (backup_set, mailbox)
            WHERE b.backup_set = m.backup_set AND b.mailbox = m.mailbox""";

    private final Transaction transaction;
    private final Changes changes;
    private final ReportedMailboxes mailboxes;

    /** By their GUIDs in order, so that the same status always tells the same events in the same order. */
    private final Map<BackupSetId, SortedMap<UUID, Member>> members = new HashMap<>();

    /** What has to be written; empty for a mailbox that left. */
    private final Map<Place, Optional<Member>> changed = new LinkedHashMap<>();

    SetMailboxes(Transaction transaction, Changes changes, ReportedMailboxes mailboxes) {
        this.transaction = transaction;
        this.changes = changes;
        this.mailboxes = mailboxes;
    }

    private record Member(MailboxId mailbox, long items, long bytes) {}

    private record Place(BackupSetId set, MailboxId mailbox) {}

    /**
     * What became of a set's members.
     *
     * @param before how many there were
     * @param any whether mailboxes came or went
     */
    record Difference(int before, boolean any) {}

    private record Row(BackupSetId set, Member member) {}

    /** Reads what these sets hold, and what is known of all mailboxes that are named. */
    void read(Collection<BackupSetId> sets, Collection<ReportedMailboxes.Named> named) {
        RowArrays.of(sets).ids("sets", set -> set).read(transaction, READ, (row, context) -> {
            MailboxId mailbox = new MailboxId(row.getObject("mailbox", UUID.class));
            ReportedMailboxes.Named lastNamed = new ReportedMailboxes.Named(
                    new ServerId(row.getObject("server", UUID.class)),
                    row.getObject("exchange_guid", UUID.class),
                    new SealedAddress(row.getString("address")));
            mailboxes.add(mailbox, lastNamed);
            return of(new BackupSetId(row.getObject("backup_set", UUID.class)))
                    .put(lastNamed.exchangeGuid(), new Member(mailbox, row.getLong("items"), row.getLong("bytes")));
        });
        mailboxes.look(named);
    }

    private SortedMap<UUID, Member> of(BackupSetId set) {
        return members.computeIfAbsent(set, unused -> new TreeMap<>());
    }

    /** Takes the mailboxes of one set; each that is new, changed or gone becomes an event. */
    Difference report(ReportedBackupSets.Place place, BackupSetId set, List<AgentStatus.Mailbox> reported) {
        SortedMap<UUID, Member> now = of(set);
        SortedMap<UUID, Member> gone = new TreeMap<>(now);
        int before = now.size();
        boolean came = false;
        for (AgentStatus.Mailbox mailbox : reported) {
            @Nullable Member known = gone.remove(mailbox.exchangeGuid());
            @Nullable SealedAddress lastAddress = mailboxes.addressOf(mailbox.exchangeGuid());
            if (known == null
                    || !mailbox.address().equals(lastAddress)
                    || known.items() != mailbox.items()
                    || known.bytes() != mailbox.bytes()) {
                now.put(mailbox.exchangeGuid(), change(place, set, known, lastAddress, mailbox));
            }
            came |= known == null;
        }
        gone.forEach((guid, member) -> {
            now.remove(guid);
            changed.put(new Place(set, member.mailbox()), Optional.empty());
            changes.tell(
                    transaction, place.said(), new MailboxLeft(place.tenant(), place.server(), member.mailbox(), set));
        });
        return new Difference(before, came || !gone.isEmpty());
    }

    private Member change(
            ReportedBackupSets.Place place,
            BackupSetId set,
            @Nullable Member known,
            @Nullable SealedAddress lastAddress,
            AgentStatus.Mailbox reported) {
        MailboxId mailbox = mailboxes.report(
                new ReportedMailboxes.Named(place.server(), reported.exchangeGuid(), reported.address()));
        Member now = new Member(mailbox, reported.items(), reported.bytes());
        changed.put(new Place(set, mailbox), Optional.of(now));
        MailboxChanged event = changed(place, set, now, reported, reported.address());
        if (known == null || lastAddress == null) {
            changes.tell(transaction, place.said(), event);
        } else {
            changes.tell(transaction, place.said(), changed(place, set, known, reported, lastAddress), event);
        }
        return now;
    }

    private static MailboxChanged changed(
            ReportedBackupSets.Place place,
            BackupSetId set,
            Member member,
            AgentStatus.Mailbox reported,
            SealedAddress address) {
        return new MailboxChanged(
                place.tenant(),
                place.server(),
                member.mailbox(),
                Optional.of(set),
                address,
                Optional.of(reported.exchangeGuid()),
                member.items(),
                member.bytes());
    }

    /** Writes what was reported; the sets' rows must be there. */
    void write(TenantId tenant) {
        mailboxes.write();
        List<Place> gone = new ArrayList<>();
        List<Row> kept = new ArrayList<>();
        changed.forEach((place, member) ->
                member.ifPresentOrElse(now -> kept.add(new Row(place.set(), now)), () -> gone.add(place)));
        RowArrays.of(gone)
                .ids("sets", Place::set)
                .ids("mailboxes", Place::mailbox)
                .write(transaction, DELETE);
        RowArrays.of(kept)
                .ids("sets", Row::set)
                .ids("mailboxes", row -> row.member().mailbox())
                .column("items", Long.class, row -> row.member().items())
                .column("bytes", Long.class, row -> row.member().bytes())
                .value("tenant", tenant)
                .write(transaction, WRITE);
        changed.clear();
    }
}
