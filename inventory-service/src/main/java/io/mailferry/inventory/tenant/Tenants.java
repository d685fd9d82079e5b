package io.mailferry.inventory.tenant;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Page;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The tenants' rows, and whether a caller may go on with one of them. */
@Singleton
public final class Tenants {
    /** How many are looked at in one go for those that are the caller's. */
    private static final int LOOKED_AT = 1_000;

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

    /** The caller's tenants by name, one more than the page holds if there are more. */
    List<Tenant> ofCaller(@Nullable String search, Page page) {
        List<Tenant> found = new ArrayList<>();
        @Nullable UUID after = page.afterId();
        if (after != null && !caller.include(new TenantId(after))) {
            throw Page.badAfter();
        }
        List<Tenant> looked;
        do {
            looked = after(search, after);
            looked.stream().filter(tenant -> caller.include(tenant.tenant())).forEach(found::add);
            after = looked.isEmpty() ? after : looked.getLast().tenant().value();
        } while (looked.size() == LOOKED_AT && found.size() < page.rows());
        return found.subList(0, Math.min(found.size(), page.rows()));
    }

    private List<Tenant> after(@Nullable String search, @Nullable UUID after) {
        return transactions.acrossTenants(transaction -> transaction
                .handle()
                .createQuery("""
                        SELECT tenant, name, created_at FROM tenant
                        WHERE (CAST(:search AS text) IS NULL OR position(lower(:search) IN lower(name)) > 0)
                            AND (CAST(:after AS uuid) IS NULL OR (lower(name), tenant) >
                                (SELECT lower(name), tenant FROM tenant WHERE tenant = CAST(:after AS uuid)))
                        ORDER BY lower(name), tenant LIMIT :rows""")
                .bind("search", search)
                .bind("after", after)
                .bind("rows", LOOKED_AT)
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
