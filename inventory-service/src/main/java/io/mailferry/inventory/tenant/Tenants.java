package io.mailferry.inventory.tenant;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/** The tenants' rows, and whether a caller may go on with one of them. */
@Singleton
public final class Tenants {
    /** How many a list holds at most. */
    private static final int LISTED_MAX = 10_000;

    private final TenantTransactions transactions;
    private final CallerTenants caller;
    private final Clock clock;

    Tenants(TenantTransactions transactions, CallerTenants caller, Clock clock) {
        this.transactions = transactions;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * The tenant, for use in one expression.
     *
     * @throws ProblemException 404 unless it exists and is one of the caller's
     */
    public TenantId require(TenantId tenant) {
        return find(caller.require(tenant))
                .orElseThrow(ProblemException::notFound)
                .tenant();
    }

    /** A customer of the managed service provider, by the name that operators call it. */
    record Tenant(TenantId tenant, String name, Instant createdAt) {}

    /** What asking for a tenant of a name led to. */
    sealed interface Registration {
        Tenant tenant();

        record Created(Tenant tenant) implements Registration {}

        record AlreadyThere(Tenant tenant) implements Registration {}
    }

    /** Makes the tenant unless there is one of that name, in any case of letters. */
    Registration register(String name) {
        TenantId fresh = TenantId.random();
        boolean created = transactions.inTenant(
                fresh,
                transaction -> transaction
                                .handle()
                                .execute(
                                        "INSERT INTO tenant (tenant, name, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                        fresh,
                                        name,
                                        clock.instant())
                        == 1);
        Tenant found = named(name);
        return created ? new Registration.Created(found) : new Registration.AlreadyThere(found);
    }

    private Tenant named(String name) {
        return transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant, name, created_at FROM tenant WHERE lower(name) = lower(?)", name)
                .map(Tenants::tenant)
                .one());
    }

    Optional<Tenant> find(TenantId tenant) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT tenant, name, created_at FROM tenant WHERE tenant = ?", tenant)
                        .map(Tenants::tenant)
                        .findOne());
    }

    List<Tenant> all() {
        return transactions.acrossTenants(transaction -> transaction
                .handle()
                .select("SELECT tenant, name, created_at FROM tenant ORDER BY lower(name) LIMIT " + LISTED_MAX)
                .map(Tenants::tenant)
                .list());
    }

    private static Tenant tenant(ResultSet row, StatementContext context) throws SQLException {
        return new Tenant(
                TenantId.of(row.getString("tenant")),
                row.getString("name"),
                row.getTimestamp("created_at").toInstant());
    }
}
