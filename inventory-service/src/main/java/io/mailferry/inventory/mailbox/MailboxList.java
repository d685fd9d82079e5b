package io.mailferry.inventory.mailbox;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Page;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Mailboxes as their tenant's operators see them, with their addresses opened. */
@Singleton
final class MailboxList {
    /** How many are opened in one go when addresses are searched. */
    private static final int LOOKED_AT = 1_000;

    private static final String MAILBOXES = """
            SELECT m.mailbox, m.server, m.address, m.exchange_guid,
                coalesce(greatest(max(b.items), m.items), 0) AS items,
                coalesce(greatest(max(b.bytes), m.bytes), 0) AS bytes,
                m.recoverable_items, m.recoverable_bytes, m.archive_items, m.archive_bytes,
                array_remove(array_agg(b.backup_set ORDER BY s.discovered_at, s.backup_set), NULL) AS backup_sets
            FROM mailbox m LEFT JOIN backup_set_mailbox b ON b.mailbox = m.mailbox
                LEFT JOIN backup_set s ON s.backup_set = b.backup_set
            """;

    private final TenantTransactions transactions;
    private final CallerTenants caller;
    private final Directory directory;

    MailboxList(TenantTransactions transactions, CallerTenants caller, Directory directory) {
        this.transactions = transactions;
        this.caller = caller;
        this.directory = directory;
    }

    record Figures(long items, long bytes) {}

    /**
     * @param items the largest count that a set or an import reports, 0 while none does
     * @param recoverableItems what an import told of Recoverable Items; absent if none did
     * @param archive what an import told of the archive mailbox; absent if none did
     * @param backupSets the sets that hold it, the one known longest first
     */
    record Mailbox(
            MailboxId mailboxId,
            ServerId serverId,
            String address,
            @Nullable UUID exchangeGuid,
            long items,
            long bytes,
            @Nullable Figures recoverableItems,
            @Nullable Figures archive,
            List<BackupSetId> backupSets) {
        Mailbox {
            backupSets = List.copyOf(backupSets);
        }

        @Override
        public String toString() {
            return "Mailbox[" + mailboxId + "]";
        }
    }

    /**
     * Which mailboxes are asked for; what is null narrows nothing.
     *
     * @param address only those of this one, in any case of letters
     * @param search only those whose address has this part; every address of the tenant is opened for it
     * @param inNoSet whether no backup set that is still listed holds it
     */
    record Wanted(
            @Nullable String address,
            @Nullable String search,
            @Nullable UUID server,
            @Nullable UUID backupSet,
            @Nullable Boolean inNoSet) {
        @Override
        public String toString() {
            return "Wanted[…]";
        }
    }

    /** As they were discovered, one more than the page holds if there are more. */
    List<Mailbox> of(TenantId tenant, Wanted wanted, Page page) {
        return transactions.inTenant(tenant, transaction -> {
            @Nullable UUID after = page.afterIn(transaction, "mailbox", "mailbox");
            if (wanted.search() == null) {
                return read(transaction, tenant, wanted, after, page.rows());
            }
            return search(transaction, tenant, wanted, wanted.search().toLowerCase(Locale.ROOT), after, page.rows());
        });
    }

    /** Addresses are sealed where they are stored, so they are opened and compared, a bounded number at a time. */
    private List<Mailbox> search(
            Transaction transaction, TenantId tenant, Wanted wanted, String search, @Nullable UUID from, int rows) {
        List<Mailbox> found = new ArrayList<>();
        @Nullable UUID after = from;
        List<Mailbox> looked;
        do {
            looked = read(transaction, tenant, wanted, after, LOOKED_AT);
            looked.stream()
                    .filter(mailbox ->
                            mailbox.address().toLowerCase(Locale.ROOT).contains(search))
                    .limit(rows - found.size())
                    .forEach(found::add);
            after = looked.isEmpty() ? after : looked.getLast().mailboxId().value();
        } while (looked.size() == LOOKED_AT && found.size() < rows);
        return found;
    }

    private List<Mailbox> read(
            Transaction transaction, TenantId tenant, Wanted wanted, @Nullable UUID after, int rows) {
        @Nullable
        String sealed = wanted.address() == null
                ? null
                : directory.seal(tenant, wanted.address()).value();
        return transaction
                .handle()
                .createQuery(MAILBOXES + """
                        WHERE (CAST(:address AS text) IS NULL OR m.address = :address)
                            AND (CAST(:server AS uuid) IS NULL OR m.server = CAST(:server AS uuid))
                            AND (CAST(:set AS uuid) IS NULL OR EXISTS (SELECT 1 FROM backup_set_mailbox x
                                WHERE x.mailbox = m.mailbox AND x.backup_set = CAST(:set AS uuid)))
                            AND (CAST(:inNoSet AS boolean) IS NULL OR NOT EXISTS (SELECT 1 FROM backup_set_mailbox x
                                JOIN backup_set p ON p.backup_set = x.backup_set AND p.present
                                WHERE x.mailbox = m.mailbox) = :inNoSet)
                            AND (CAST(:after AS uuid) IS NULL OR (m.discovered_at, m.mailbox) >
                                (SELECT discovered_at, mailbox FROM mailbox WHERE mailbox = CAST(:after AS uuid)))
                        GROUP BY m.mailbox ORDER BY m.discovered_at, m.mailbox LIMIT :rows""")
                .bind("address", sealed)
                .bind("server", wanted.server())
                .bind("set", wanted.backupSet())
                .bind("inNoSet", wanted.inNoSet())
                .bind("after", after)
                .bind("rows", rows)
                .map((row, context) -> mailbox(tenant, row))
                .list();
    }

    /** @throws ProblemException 404 if there is none, or it is another tenant's */
    Mailbox one(MailboxId mailbox) {
        TenantId owner = transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant FROM mailbox WHERE mailbox = ?", mailbox)
                .mapTo(TenantId.class)
                .findOne()
                .orElseThrow(ProblemException::notFound));
        TenantId tenant = caller.require(owner);
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select(MAILBOXES + "WHERE m.mailbox = ? GROUP BY m.mailbox", mailbox)
                        .map((row, context) -> mailbox(tenant, row))
                        .findOne()
                        .orElseThrow(ProblemException::notFound));
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
                figures(row, "recoverable_items", "recoverable_bytes"),
                figures(row, "archive_items", "archive_bytes"),
                Arrays.stream(sets).map(BackupSetId::new).toList());
    }

    private static @Nullable Figures figures(ResultSet row, String items, String bytes) throws SQLException {
        long count = row.getLong(items);
        return row.wasNull() ? null : new Figures(count, row.getLong(bytes));
    }
}
