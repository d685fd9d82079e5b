package io.mailferry.planner.plan;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant's plans. */
@Path("/api/v1/tenants/{tenant}/plans")
@Produces(MediaType.APPLICATION_JSON)
public final class PlanListResource {
    private static final int LIMIT_MAX = 1_000;

    private final TenantTransactions transactions;
    private final CallerTenants caller;

    PlanListResource(TenantTransactions transactions, CallerTenants caller) {
        this.transactions = transactions;
        this.caller = caller;
    }

    /** The tenant's plans, newest first, without their steps' detail; {@code state} narrows them. */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<PlanSummary> plans(
            TenantId tenant,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @DefaultValue("200") int limit) {
        caller.require(tenant);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalid("limit", "The limit is a number from 1 to " + LIMIT_MAX + ".");
        }
        return transactions.inTenant(
                tenant,
                transaction -> new PlanTable(transaction.handle()).summaries(Optional.ofNullable(state), limit));
    }
}
