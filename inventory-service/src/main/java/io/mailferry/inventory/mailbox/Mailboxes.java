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

    /** For the statuses of one transaction. */
    public ReportedMailboxes reported(Transaction transaction, TenantId tenant) {
        return new ReportedMailboxes(transaction, tenant, clock);
    }

    private MailboxId insert(Transaction transaction, TenantId tenant, ServerId server, SealedAddress address) {
        MailboxId fresh = MailboxId.random();
        transaction.handle().execute("""
                        INSERT INTO mailbox (mailbox, tenant, server, address, discovered_at)
                        VALUES (?, ?, ?, ?, ?)""", fresh, tenant, server, address.value(), clock.instant());
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
            MailboxId fresh = insert(transaction, tenant, server, address);
            changes.tell(
                    transaction,
                    operator,
                    new MailboxChanged(tenant, server, fresh, Optional.empty(), address, Optional.empty(), 0, 0));
            return new Registered(fresh, true);
        });
    }
}
