package io.mailferry.inventory.server;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

/** The Exchange servers' rows, as far as several parts need them. */
@Singleton
public final class ServerRows {
    private final TenantTransactions transactions;
    private final CallerTenants caller;

    ServerRows(TenantTransactions transactions, CallerTenants caller) {
        this.transactions = transactions;
        this.caller = caller;
    }

    /**
     * The tenant of a server that the calling operator may see.
     *
     * @throws ProblemException 404 if there is none, or it is another tenant's
     */
    public TenantId requireTenantOf(ServerId server) {
        TenantId tenant = transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant FROM exchange_server WHERE server = ?", server)
                .mapTo(TenantId.class)
                .findOne()
                .orElseThrow(ProblemException::notFound));
        return caller.require(tenant);
    }

    /** Locks the row until the transaction ends: events of one server leave in the order of their transactions. */
    public void lock(Transaction transaction, ServerId server) {
        transaction
                .handle()
                .select("SELECT server FROM exchange_server WHERE server = ? FOR NO KEY UPDATE", server)
                .mapTo(ServerId.class)
                .one();
    }

    public boolean exists(Transaction transaction, ServerId server) {
        return transaction
                .handle()
                .select("SELECT 1 FROM exchange_server WHERE server = ?", server)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** Whether the server is new; one of that name, in any case of letters, is left as it is. */
    boolean insert(
            Transaction transaction,
            TenantId tenant,
            ServerId server,
            String name,
            Optional<ExchangeBuild> build,
            Instant now) {
        return transaction
                        .handle()
                        .execute(
                                """
                                INSERT INTO exchange_server (server, tenant, name, build, discovered_at)
                                VALUES (?, ?, ?, ?, ?) ON CONFLICT (tenant, lower(name)) DO NOTHING""",
                                server,
                                tenant,
                                name,
                                build.map(ExchangeBuild::toString).orElse(null),
                                now)
                == 1;
    }
}
