package io.mailferry.inventory.backupset;

import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.inventory.mailbox.Mailboxes;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Which mailboxes a set holds, with the figures that this set has of them. */
@Singleton
final class SetMailboxes {
    private final Mailboxes mailboxes;

    SetMailboxes(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    private record Member(MailboxId mailbox, AgentStatus.Mailbox lastReported) {}

    /**
     * Takes the mailboxes of one set; each new or changed one becomes an event.
     *
     * @return whether mailboxes came or went
     */
    boolean report(
            Transaction transaction,
            ReportedBackupSets.Place place,
            BackupSetId set,
            List<AgentStatus.Mailbox> reported) {
        Map<UUID, Member> gone = members(transaction, set);
        boolean came = false;
        for (AgentStatus.Mailbox mailbox : reported) {
            Member known = gone.remove(mailbox.exchangeGuid());
            if (known == null || !known.lastReported().equals(mailbox)) {
                update(transaction, place, set, mailbox);
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
        }
        return came || !gone.isEmpty();
    }

    private static Map<UUID, Member> members(Transaction transaction, BackupSetId set) {
        Map<UUID, Member> members = new HashMap<>();
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
            Transaction transaction, ReportedBackupSets.Place place, BackupSetId set, AgentStatus.Mailbox reported) {
        MailboxId mailbox = mailboxes.reported(
                transaction, place.tenant(), place.server(), reported.exchangeGuid(), reported.address());
        transaction.handle().execute("""
                        INSERT INTO backup_set_mailbox (tenant, backup_set, mailbox, items, bytes)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (backup_set, mailbox) DO UPDATE SET items = excluded.items, bytes = excluded.bytes""", place.tenant(), set, mailbox, reported.items(), reported.bytes());
        transaction.publish(new MailboxChanged(
                place.tenant(),
                place.server(),
                mailbox,
                Optional.of(set),
                reported.address(),
                Optional.of(reported.exchangeGuid()),
                reported.items(),
                reported.bytes()));
    }
}
