package io.mailferry.messaging.transaction;

import io.mailferry.contracts.id.TenantId;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.postgres.PostgresPlugin;

/**
 * The only way to the database. A transaction is bound either to one tenant, whose rows are then all that row-level
 * security shows, or, by its name, to work across tenants. Both bindings end with the transaction, so a pooled
 * connection never carries one over.
 */
public final class TenantTransactions {
    private final Jdbi jdbi;
    private final String fleetRole;

    /** @param fleetRole the role for work across tenants, such as {@code planner_fleet} */
    public TenantTransactions(DataSource dataSource, String fleetRole) {
        if (!fleetRole.matches("[a-z_]{1,40}")) {
            throw new IllegalArgumentException("a role's name holds lower-case letters and underscores");
        }
        this.jdbi = Jdbi.create(dataSource).installPlugin(new PostgresPlugin()).installPlugin(new IdColumns());
        // Jdbi would quote every bound argument in its exceptions' messages, and those reach logs.
        this.jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        this.fleetRole = fleetRole;
    }

    /** Runs the work in one transaction that sees and writes this tenant's rows only. */
    public <T> T inTenant(TenantId tenant, Function<Transaction, T> work) {
        return jdbi.inTransaction(handle -> {
            handle.select("SELECT set_config('app.tenant', ?, true)", tenant.toString())
                    .mapTo(String.class)
                    .one();
            return carry(new Transaction(handle), work);
        });
    }

    public void useTenant(TenantId tenant, Consumer<Transaction> work) {
        inTenant(tenant, done(work));
    }

    /** Runs the work in one transaction that sees every tenant's rows: sweepers, relays, leases. */
    public <T> T acrossTenants(Function<Transaction, T> work) {
        return jdbi.inTransaction(handle -> {
            becomeFleet(handle);
            return carry(new Transaction(handle), work);
        });
    }

    public void useAcrossTenants(Consumer<Transaction> work) {
        acrossTenants(done(work));
    }

    private static <T> T carry(Transaction transaction, Function<Transaction, T> work) {
        T result = work.apply(transaction);
        transaction.flush();
        return result;
    }

    private void becomeFleet(Handle handle) {
        handle.execute("SET LOCAL ROLE " + fleetRole);
    }

    private static Function<Transaction, Boolean> done(Consumer<Transaction> work) {
        return transaction -> {
            work.accept(transaction);
            return Boolean.TRUE;
        };
    }
}
