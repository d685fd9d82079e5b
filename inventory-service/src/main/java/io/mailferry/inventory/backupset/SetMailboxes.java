package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxLeft;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.mailbox.Mailboxes;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which mailboxes a set holds, with the figures that this set has of them. */
@Singleton
final class SetMailboxes {
    private final Mailboxes mailboxes;
    private final Changes changes;

    SetMailboxes(Mailboxes mailboxes, Changes changes) {
        this.mailboxes = mailboxes;
        this.changes = changes;
    }

    private record Member(MailboxId mailbox, AgentStatus.Mailbox lastReported) {}

    /**
     * What became of a set's members.
     *
     * @param before how many there were
     * @param any whether mailboxes came or went
     */
    record Difference(int before, boolean any) {}

    /** Takes the mailboxes of one set; each that is new, changed or gone becomes an event. */
    Difference report(
            Transaction transaction,
            ReportedBackupSets.Place place,
            BackupSetId set,
            List<AgentStatus.Mailbox> reported) {
        Map<UUID, Member> gone = members(transaction, set);
        int before = gone.size();
        boolean came = false;
        for (AgentStatus.Mailbox mailbox : reported) {
            @Nullable Member known = gone.remove(mailbox.exchangeGuid());
            if (known == null || !known.lastReported().equals(mailbox)) {
                update(transaction, place, set, known, mailbox);
            }
            came |= known == null;
        }
        for (Member member : gone.values()) {
            transaction
                    .handle()
                    .execute(
                            "DELETE FROM backup_set_mailbox WHERE backup_set = ? AND mailbox = ?",
                            set,
                            member.mailbox());
            changes.tell(
                    transaction, place.said(), new MailboxLeft(place.tenant(), place.server(), member.mailbox(), set));
        }
        return new Difference(before, came || !gone.isEmpty());
    }

    /** By their GUIDs in order, so that the same status always tells the same events in the same order. */
    private static SortedMap<UUID, Member> members(Transaction transaction, BackupSetId set) {
        SortedMap<UUID, Member> members = new TreeMap<>();
        transaction
                .handle()
                .select("""
                        SELECT m.mailbox, m.exchange_guid, m.address, b.items, b.bytes
                        FROM backup_set_mailbox b JOIN mailbox m ON m.mailbox = b.mailbox WHERE b.backup_set = ?""", set)
                .map((row, context) -> new Member(
                        MailboxId.of(row.getString("mailbox")),
                        new AgentStatus.Mailbox(
                                UUID.fromString(row.getString("exchange_guid")),
                                new SealedAddress(row.getString("address")),
                                row.getLong("items"),
                                row.getLong("bytes"))))
                .forEach(member -> members.put(member.lastReported().exchangeGuid(), member));
        return members;
    }

    private void update(
            Transaction transaction,
            ReportedBackupSets.Place place,
            BackupSetId set,
            @Nullable Member known,
            AgentStatus.Mailbox reported) {
        MailboxId mailbox = mailboxes.reported(
                transaction, place.tenant(), place.server(), reported.exchangeGuid(), reported.address());
        transaction.handle().execute("""
                        INSERT INTO backup_set_mailbox (tenant, backup_set, mailbox, items, bytes)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (backup_set, mailbox) DO UPDATE SET items = excluded.items, bytes = excluded.bytes""", place.tenant(), set, mailbox, reported.items(), reported.bytes());
        MailboxChanged now = changed(place, set, mailbox, reported);
        if (known == null) {
            changes.tell(transaction, place.said(), now);
        } else {
            changes.tell(transaction, place.said(), changed(place, set, mailbox, known.lastReported()), now);
        }
    }

    private static MailboxChanged changed(
            ReportedBackupSets.Place place, BackupSetId set, MailboxId mailbox, AgentStatus.Mailbox said) {
        return new MailboxChanged(
                place.tenant(),
                place.server(),
                mailbox,
                Optional.of(set),
                said.address(),
                Optional.of(said.exchangeGuid()),
                said.items(),
                said.bytes());
    }
}
