package io.mailferry.inventory.mailbox;

import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Mailboxes as their tenant's operators see them, with their addresses opened. */
@Singleton
final class MailboxList {
    private static final int LISTED_MAX = 10_000;

    private final TenantTransactions transactions;
    private final Directory directory;

    MailboxList(TenantTransactions transactions, Directory directory) {
        this.transactions = transactions;
        this.directory = directory;
    }

    /**
     * @param items the largest count that a set reports, 0 while none does
     * @param backupSets the sets that hold it, the one known longest first
     */
    record Mailbox(
            MailboxId mailboxId,
            ServerId serverId,
            String address,
            @Nullable UUID exchangeGuid,
            long items,
            long bytes,
            List<BackupSetId> backupSets) {
        Mailbox {
            backupSets = List.copyOf(backupSets);
        }

        @Override
        public String toString() {
            return "Mailbox[" + mailboxId + "]";
        }
    }

    /** @param address only the mailboxes of this one, in any case of letters */
    List<Mailbox> of(TenantId tenant, Optional<String> address) {
        @Nullable
        String sealed =
                address.map(plain -> directory.seal(tenant, plain).value()).orElse(null);
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .createQuery("""
                        SELECT m.mailbox, m.server, m.address, m.exchange_guid,
                            coalesce(max(b.items), 0) AS items, coalesce(max(b.bytes), 0) AS bytes,
                            array_remove(array_agg(b.backup_set ORDER BY s.discovered_at, s.backup_set), NULL) AS backup_sets
                        FROM mailbox m LEFT JOIN backup_set_mailbox b ON b.mailbox = m.mailbox
                            LEFT JOIN backup_set s ON s.backup_set = b.backup_set
                        WHERE (CAST(:address AS text) IS NULL OR m.address = :address)
                        GROUP BY m.mailbox ORDER BY m.discovered_at, m.mailbox LIMIT\s""" + LISTED_MAX)
                        .bind("address", sealed)
                        .map((row, context) -> mailbox(tenant, row))
                        .list());
    }

    private Mailbox mailbox(TenantId tenant, ResultSet row) throws SQLException {
        UUID[] sets = (UUID[]) row.getArray("backup_sets").getArray();
        return new Mailbox(
                MailboxId.of(row.getString("mailbox")),
                ServerId.of(row.getString("server")),
                directory.open(tenant, new SealedAddress(row.getString("address"))),
                row.getObject("exchange_guid", UUID.class),
                row.getLong("items"),
                row.getLong("bytes"),
                Arrays.stream(sets).map(BackupSetId::new).toList());
    }
}
