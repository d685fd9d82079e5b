package io.mailferry.planner.plan;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.PlanId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import io.mailferry.planner.command.Commands;
import io.mailferry.planner.risk.Uncovered;
import io.mailferry.planner.risk.Verdict;
import io.mailferry.planner.risk.Verdicts;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** A plan as operators see it, and the one thing they can ask of it: to try a failed step again. */
@Path("/api/v1/plans/{plan}")
@Produces(MediaType.APPLICATION_JSON)
public final class PlanResource {
    private final TenantTransactions transactions;
    private final Plans plans;
    private final Commands commands;
    private final Verdicts verdicts;
    private final CallerTenants caller;

    PlanResource(
            TenantTransactions transactions, Plans plans, Commands commands, Verdicts verdicts, CallerTenants caller) {
        this.transactions = transactions;
        this.plans = plans;
        this.commands = commands;
        this.verdicts = verdicts;
        this.caller = caller;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public PlanView plan(PlanId plan) {
        TenantId tenant = tenantOf(plan);
        return transactions.inTenant(tenant, transaction -> view(transaction, plan));
    }

    /** Tries a failed step again, with its attempts counted anew. */
    @POST
    @Path("/steps/{step}/retry")
    @RolesAllowed(Roles.OPERATOR)
    public PlanView retry(PlanId plan, String step) {
        TenantId tenant = tenantOf(plan);
        return switch (plans.retry(tenant, plan, step)) {
            case YES -> transactions.inTenant(tenant, transaction -> view(transaction, plan));
            case NO_SUCH_STEP -> throw ProblemException.notFound();
            case NOT_FAILED ->
                throw ProblemException.conflict("Only a failed step of an active plan can be retried; see the plan.");
        };
    }

    private TenantId tenantOf(PlanId plan) {
        return caller.require(transactions
                .acrossTenants(transaction -> new PlanTable(transaction.handle()).tenantOf(plan))
                .orElseThrow(ProblemException::notFound));
    }

    private PlanView view(Transaction transaction, PlanId plan) {
        Plan found = new PlanTable(transaction.handle()).find(plan).orElseThrow(ProblemException::notFound);
        List<Uncovered> uncovered = verdicts.of(transaction, found.mapiSet())
                .map(Verdict::uncovered)
                .orElse(List.of());
        return PlanView.of(found, uncovered, commands.progressOf(transaction, plan));
    }
}
