package io.mailferry.inventory.server;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.RowArrays;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;

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

    /**
     * The servers of these names, in any case of letters; names of which there is none are left out.
     *
     * @param likely where to look first: by their names alone all servers of the tenant have to be looked through
     */
    Map<String, ServerId> named(Transaction transaction, Set<String> names, Set<ServerId> likely) {
        Map<String, ServerId> found = new HashMap<>();
        RowArrays.of(likely)
                .ids("servers", server -> server)
                .read(
                        transaction,
                        "SELECT name, server FROM exchange_server WHERE server = ANY (:servers)",
                        ServerRows::named)
                .stream()
                .filter(each -> names.contains(each.getKey()))
                .forEach(each -> found.put(each.getKey(), each.getValue()));
        RowArrays.of(names.stream().filter(name -> !found.containsKey(name)).toList())
                .column("names", String.class, name -> name)
                .read(transaction, """
                        SELECT n.name, s.server
                        FROM unnest(:names) AS n (name) JOIN exchange_server s ON lower(s.name) = lower(n.name)""", ServerRows::named)
                .forEach(each -> found.put(each.getKey(), each.getValue()));
        return found;
    }

    private static Map.Entry<String, ServerId> named(ResultSet row, StatementContext context) throws SQLException {
        return Map.entry(row.getString("name"), new ServerId(row.getObject("server", UUID.class)));
    }

    /**
     * Makes rows for servers that are new; of one name, in any case of letters, the first only, and none if there is one
     * already.
     *
     * @return those that were made
     */
    Set<ServerId> insert(Transaction transaction, TenantId tenant, List<AgentStatus.Server> reported, Instant now) {
        return Set.copyOf(RowArrays.of(reported)
                .column("servers", UUID.class, server -> UUID.randomUUID())
                .column("names", String.class, AgentStatus.Server::name)
                .column(
                        "builds",
                        String.class,
                        server -> server.build().map(ExchangeBuild::toString).orElse(null))
                .value("tenant", tenant)
                .value("now", now)
                .read(transaction, """
                        INSERT INTO exchange_server (server, tenant, name, build, discovered_at)
                        SELECT server, CAST(:tenant AS uuid), name, build, CAST(:now AS timestamptz)
                        FROM unnest(:servers, :names, :builds) WITH ORDINALITY AS n (server, name, build, place)
                        ORDER BY lower(name), place
                        ON CONFLICT (tenant, lower(name)) DO NOTHING
                        RETURNING server""", (row, context) -> new ServerId(row.getObject("server", UUID.class))));
    }
}
