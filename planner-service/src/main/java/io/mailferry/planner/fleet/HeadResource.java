package io.mailferry.planner.fleet;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * The newest restore point that was heard of, against which a mailbox log in the bucket can be held: one that ends before
 * it was rolled back.
 */
@Path("/api/v1/tenants/{tenant}/mailboxes/{mailbox}/head")
@Produces(MediaType.APPLICATION_JSON)
public final class HeadResource {
    private final TenantTransactions transactions;
    private final CallerTenants caller;

    HeadResource(TenantTransactions transactions, CallerTenants caller) {
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public Head head(TenantId tenant, MailboxId mailbox) {
        caller.require(tenant);
        return transactions
                .inTenant(tenant, transaction -> new FleetTable(transaction.handle()).head(mailbox))
                .orElseThrow(ProblemException::notFound);
    }
}
