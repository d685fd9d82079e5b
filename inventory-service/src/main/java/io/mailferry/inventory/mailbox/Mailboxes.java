package io.mailferry.inventory.mailbox;

import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.MailboxChanged;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The mailboxes' rows: one for each mailbox of a tenant, whoever found it and however often. */
@Singleton
public final class Mailboxes {
    private final TenantTransactions transactions;
    private final ServerRows servers;
    private final Changes changes;
    private final Clock clock;

    Mailboxes(TenantTransactions transactions, ServerRows servers, Changes changes, Clock clock) {
        this.transactions = transactions;
        this.servers = servers;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * The mailbox that an agent reports: the one with this Exchange GUID, or the one that an operator registered by this
     * address on this server, which is bound to the GUID from now on, or a new one. It is now on this server, wherever it
     * was before. Needs the server's row locked.
     */
    public MailboxId reported(
            Transaction transaction, TenantId tenant, ServerId server, UUID exchangeGuid, SealedAddress address) {
        Optional<MailboxId> known = byGuid(transaction, exchangeGuid);
        if (known.isPresent()) {
            transaction
                    .handle()
                    .execute(
                            "UPDATE mailbox SET address = ?, server = ? WHERE mailbox = ? AND (address <> ? OR server <> ?)",
                            address.value(),
                            server,
                            known.get(),
                            address.value(),
                            server);
            return known.get();
        }
        return transaction
                .handle()
                .createQuery("""
                        UPDATE mailbox SET exchange_guid = :guid
                        WHERE server = :server AND address = :address AND exchange_guid IS NULL
                        RETURNING mailbox""")
                .bind("guid", exchangeGuid)
                .bind("server", server)
                .bind("address", address.value())
                .mapTo(MailboxId.class)
                .findOne()
                .orElseGet(() -> insert(transaction, tenant, server, exchangeGuid, address));
    }

    private static Optional<MailboxId> byGuid(Transaction transaction, UUID exchangeGuid) {
        return transaction
                .handle()
                .select("SELECT mailbox FROM mailbox WHERE exchange_guid = ?", exchangeGuid)
                .mapTo(MailboxId.class)
                .findOne();
    }

    private MailboxId insert(
            Transaction transaction,
            TenantId tenant,
            ServerId server,
            @Nullable UUID exchangeGuid,
            SealedAddress address) {
        MailboxId fresh = MailboxId.random();
        transaction.handle().execute("""
                        INSERT INTO mailbox (mailbox, tenant, server, exchange_guid, address, discovered_at)
                        VALUES (?, ?, ?, ?, ?, ?)""", fresh, tenant, server, exchangeGuid, address.value(), clock.instant());
        return fresh;
    }

    /** @param isNew whether nobody knew this mailbox before */
    record Registered(MailboxId mailbox, boolean isNew) {}

    /** The mailbox of this address on this server, registered now unless it is known. Can be repeated. */
    Registered register(TenantId tenant, ServerId server, Said.Operator operator, SealedAddress address) {
        return transactions.inTenant(tenant, transaction -> {
            servers.lock(transaction, server);
            Optional<MailboxId> known = transaction
                    .handle()
                    .select("""
                            SELECT mailbox FROM mailbox WHERE server = ? AND address = ?
                            ORDER BY exchange_guid NULLS LAST, discovered_at LIMIT 1""", server, address.value())
                    .mapTo(MailboxId.class)
                    .findOne();
            if (known.isPresent()) {
                return new Registered(known.get(), false);
            }
            MailboxId fresh = insert(transaction, tenant, server, null, address);
            changes.tell(
                    transaction,
                    operator,
                    new MailboxChanged(tenant, server, fresh, Optional.empty(), address, Optional.empty(), 0, 0));
            return new Registered(fresh, true);
        });
    }
}
