package io.mailferry.inventory.mailbox;

import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Takes an operator's list of mailboxes into the inventory: all of it, or nothing. Repeating it changes nothing. */
@Singleton
final class MailboxImport {
    private static final int BATCH_MAX = 1_000;

    private final TenantTransactions transactions;
    private final ServerRows servers;
    private final Directory directory;
    private final Changes changes;
    private final Clock clock;

    MailboxImport(
            TenantTransactions transactions, ServerRows servers, Directory directory, Changes changes, Clock clock) {
        this.transactions = transactions;
        this.servers = servers;
        this.directory = directory;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * What an import did.
     *
     * @param changed mailboxes that were known and of which it said something new
     */
    record Done(int rows, int added, int changed, int unchanged) {}

    /** A mailbox's row, as it is and as it will be. */
    private record Mailbox(
            MailboxId mailbox,
            @Nullable UUID guid,
            SealedAddress address,
            MailboxRow.@Nullable Figures content,
            MailboxRow.@Nullable Figures recoverable,
            @Nullable UUID archiveGuid,
            MailboxRow.@Nullable Figures archive) {
        MailboxChanged told(TenantId tenant, ServerId server) {
            return new MailboxChanged(
                    tenant,
                    server,
                    mailbox,
                    Optional.empty(),
                    address,
                    Optional.ofNullable(guid),
                    content == null ? 0 : content.items(),
                    content == null ? 0 : content.bytes());
        }

        /** With everything that the row says; what it does not say stays. */
        Mailbox with(MailboxRow row, @Nullable SealedAddress said) {
            if (row.ofArchive()) {
                return new Mailbox(mailbox, guid, address, content, recoverable, archiveGuid, row.content());
            }
            return new Mailbox(
                    mailbox,
                    row.guid() == null ? guid : row.guid(),
                    said == null ? address : said,
                    row.content() == null ? content : row.content(),
                    row.recoverable() == null ? recoverable : row.recoverable(),
                    row.archiveGuid() == null ? archiveGuid : row.archiveGuid(),
                    archive);
        }
    }

    /** What is known of the server's mailboxes while rows are applied to it, by each of their names. */
    private static final class Known {
        private final Map<MailboxId, Mailbox> before = new HashMap<>();
        private final Map<MailboxId, Mailbox> now = new HashMap<>();
        private final Map<UUID, MailboxId> byGuid = new HashMap<>();
        private final Map<UUID, MailboxId> byArchive = new HashMap<>();
        private final Map<SealedAddress, MailboxId> byAddress = new HashMap<>();
        private final List<MailboxId> order = new ArrayList<>();

        void was(Mailbox mailbox) {
            before.put(mailbox.mailbox(), mailbox);
            is(mailbox);
        }

        void is(Mailbox mailbox) {
            if (now.put(mailbox.mailbox(), mailbox) == null) {
                order.add(mailbox.mailbox());
            }
            if (mailbox.guid() != null) {
                byGuid.put(mailbox.guid(), mailbox.mailbox());
            }
            if (mailbox.archiveGuid() != null) {
                byArchive.put(mailbox.archiveGuid(), mailbox.mailbox());
            }
            byAddress.putIfAbsent(mailbox.address(), mailbox.mailbox());
        }

        @Nullable
        Mailbox find(MailboxRow row, @Nullable SealedAddress address) {
            @Nullable MailboxId found;
            if (row.ofArchive()) {
                found = row.guid() == null ? null : byArchive.get(row.guid());
            } else {
                found = row.guid() == null ? null : byGuid.get(row.guid());
                if (found == null && address != null) {
                    found = ofAddress(address, row.guid());
                }
            }
            return found == null ? null : now.get(found);
        }

        /** An address may go over to another mailbox; one that is bound to another GUID is not this one. */
        private @Nullable MailboxId ofAddress(SealedAddress address, @Nullable UUID guid) {
            @Nullable MailboxId found = byAddress.get(address);
            boolean bound =
                    found != null && Objects.requireNonNull(now.get(found)).guid() != null;
            return guid != null && bound ? null : found;
        }
    }

    /** @throws io.mailferry.access.problem.ProblemException 400 if a row names no mailbox that is known or can be made */
    Done take(TenantId tenant, ServerId server, Said.Operator operator, List<MailboxRow> rows) {
        return transactions.inTenant(tenant, transaction -> {
            servers.lock(transaction, server);
            Known known = known(transaction, server);
            apply(tenant, rows, known, elsewhere(transaction, server, rows));
            return write(transaction, tenant, server, operator, rows.size(), known);
        });
    }

    private void apply(TenantId tenant, List<MailboxRow> rows, Known known, Set<UUID> elsewhere) {
        RowErrors errors = new RowErrors();
        for (MailboxRow row : rows) {
            @Nullable SealedAddress address = row.address() == null ? null : directory.seal(tenant, row.address());
            @Nullable Mailbox found = known.find(row, address);
            if (found != null) {
                known.is(found.with(row, address));
            } else if (row.ofArchive()) {
                errors.add(row.number(), "MailboxGuid", "no mailbox has this archive; import Get-Mailbox first");
            } else if (row.guid() != null && elsewhere.contains(row.guid())) {
                errors.add(row.number(), "ExchangeGuid", "this mailbox is on another server of the tenant");
            } else if (address == null) {
                errors.add(row.number(), "MailboxGuid", "no such mailbox is known here; import Get-Mailbox first");
            } else {
                Mailbox fresh = new Mailbox(MailboxId.random(), row.guid(), address, null, null, null, null);
                known.is(fresh.with(row, address));
            }
        }
        errors.throwIfAny();
    }

    private Done write(
            Transaction transaction, TenantId tenant, ServerId server, Said.Operator operator, int rows, Known known) {
        List<Mailbox> written = new ArrayList<>();
        int added = 0;
        for (MailboxId id : known.order) {
            Mailbox mailbox = Objects.requireNonNull(known.now.get(id));
            @Nullable Mailbox before = known.before.get(id);
            if (mailbox.equals(before)) {
                continue;
            }
            written.add(mailbox);
            if (before == null) {
                added++;
            }
        }
        store(transaction, tenant, server, clock.instant(), written);
        for (Mailbox mailbox : written) {
            @Nullable Mailbox before = known.before.get(mailbox.mailbox());
            if (before == null) {
                changes.tell(transaction, operator, mailbox.told(tenant, server));
            } else if (!before.told(tenant, server).equals(mailbox.told(tenant, server))) {
                changes.tell(transaction, operator, before.told(tenant, server), mailbox.told(tenant, server));
            }
        }
        int changed = written.size() - added;
        return new Done(rows, added, changed, known.order.size() - written.size());
    }

    private static void store(
            Transaction transaction, TenantId tenant, ServerId server, Instant now, List<Mailbox> mailboxes) {
        for (int from = 0; from < mailboxes.size(); from += BATCH_MAX) {
            var batch = transaction.handle().prepareBatch("""
                    INSERT INTO mailbox (mailbox, tenant, server, exchange_guid, address, discovered_at, items, bytes,
                        recoverable_items, recoverable_bytes, archive_guid, archive_items, archive_bytes, measured_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (mailbox) DO UPDATE SET server = excluded.server,
                        exchange_guid = excluded.exchange_guid, address = excluded.address, items = excluded.items,
                        bytes = excluded.bytes, recoverable_items = excluded.recoverable_items,
                        recoverable_bytes = excluded.recoverable_bytes, archive_guid = excluded.archive_guid,
                        archive_items = excluded.archive_items, archive_bytes = excluded.archive_bytes,
                        measured_at = excluded.measured_at""");
            for (Mailbox mailbox : mailboxes.subList(from, Math.min(from + BATCH_MAX, mailboxes.size()))) {
                batch.add(
                        mailbox.mailbox(),
                        tenant,
                        server,
                        mailbox.guid(),
                        mailbox.address().value(),
                        now,
                        items(mailbox.content()),
                        bytes(mailbox.content()),
                        items(mailbox.recoverable()),
                        bytes(mailbox.recoverable()),
                        mailbox.archiveGuid(),
                        items(mailbox.archive()),
                        bytes(mailbox.archive()),
                        now);
            }
            batch.execute();
        }
    }

    private static @Nullable Long items(MailboxRow.@Nullable Figures figures) {
        return figures == null ? null : figures.items();
    }

    private static @Nullable Long bytes(MailboxRow.@Nullable Figures figures) {
        return figures == null ? null : figures.bytes();
    }

    /** The GUIDs among the rows' that belong to mailboxes of the tenant's other servers. */
    private static Set<UUID> elsewhere(Transaction transaction, ServerId server, List<MailboxRow> rows) {
        return Set.copyOf(transaction
                .handle()
                .createQuery("""
                        SELECT exchange_guid FROM mailbox WHERE server <> :server AND exchange_guid = ANY (:guids)""")
                .bind("server", server)
                .bindArray(
                        "guids",
                        UUID.class,
                        rows.stream()
                                .map(MailboxRow::guid)
                                .filter(Objects::nonNull)
                                .toList())
                .mapTo(UUID.class)
                .list());
    }

    private static Known known(Transaction transaction, ServerId server) {
        Known known = new Known();
        transaction
                .handle()
                .select("SELECT * FROM mailbox WHERE server = ? ORDER BY discovered_at, mailbox", server)
                .map(MailboxImport::mailbox)
                .forEach(known::was);
        return known;
    }

    private static Mailbox mailbox(ResultSet row, StatementContext context) throws SQLException {
        return new Mailbox(
                MailboxId.of(row.getString("mailbox")),
                row.getObject("exchange_guid", UUID.class),
                new SealedAddress(row.getString("address")),
                figures(row, "items", "bytes"),
                figures(row, "recoverable_items", "recoverable_bytes"),
                row.getObject("archive_guid", UUID.class),
                figures(row, "archive_items", "archive_bytes"));
    }

    private static MailboxRow.@Nullable Figures figures(ResultSet row, String items, String bytes) throws SQLException {
        long count = row.getLong(items);
        return row.wasNull() ? null : new MailboxRow.Figures(count, row.getLong(bytes));
    }
}
