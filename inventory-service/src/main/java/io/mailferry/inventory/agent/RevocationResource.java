package io.mailferry.inventory.agent;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Where operators end an agent. It stays in the inventory, since its sets and what was done for them do. */
@Path("/api/v1/agents/{agent}")
final class RevocationResource {
    private static final Logger LOG = Logger.getLogger(RevocationResource.class);

    private final TenantTransactions transactions;
    private final Agents agents;
    private final CallerTenants caller;
    private final Clock clock;

    RevocationResource(TenantTransactions transactions, Agents agents, CallerTenants caller, Clock clock) {
        this.transactions = transactions;
        this.agents = agents;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * From now on its credentials open nothing; its open commands are settled by the sweep. It comes back only by a token
     * that an operator makes for it. Revoking it again changes nothing.
     */
    @DELETE
    @RolesAllowed(Roles.OPERATOR)
    public void revoke(@PathParam("agent") AgentId agent) {
        TenantId tenant = caller.require(transactions.acrossTenants(
                transaction -> agents.tenantOf(transaction, agent).orElseThrow(ProblemException::notFound)));
        int revoked = transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .execute(
                                "UPDATE agent SET revoked_at = ? WHERE agent = ? AND revoked_at IS NULL",
                                clock.instant(),
                                agent));
        if (revoked == 1) {
            LOG.infof("Agent revoked tenant=%s agent=%s", tenant, agent);
        }
    }
}
