package io.mailferry.inventory.agent;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import java.security.SecureRandom;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Where an operator takes over from an agent that is gone. */
@Path("/api/v1/agents/{agent}/by-hand")
final class TakeOverResource {
    private static final Logger LOG = Logger.getLogger(TakeOverResource.class);

    private final TenantTransactions transactions;
    private final Agents agents;
    private final CallerTenants caller;
    private final Clock clock;
    private final SecureRandom randomness;

    TakeOverResource(
            TenantTransactions transactions,
            Agents agents,
            CallerTenants caller,
            Clock clock,
            SecureRandom randomness) {
        this.transactions = transactions;
        this.agents = agents;
        this.caller = caller;
        this.clock = clock;
        this.randomness = randomness;
    }

    /**
     * From now on an operator does what this agent did: its credentials are void, so that no step is done twice, and its
     * open commands wait for an operator. It is an agent again once it enrols anew.
     */
    @POST
    @RolesAllowed(Roles.OPERATOR)
    public void takeOver(@PathParam("agent") AgentId agent, @Context SecurityContext security) {
        TenantId tenant = caller.require(transactions.acrossTenants(
                transaction -> agents.tenantOf(transaction, agent).orElseThrow(ProblemException::notFound)));
        int taken = transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .execute(
                                """
                                UPDATE agent SET manual_since = ?, manual_by = ?, credential_sha256 = ?,
                                    credential_expires_at = NULL, previous_credential_sha256 = NULL,
                                    previous_credential_expires_at = NULL, revoked_at = NULL, cloned_at = NULL, seen_at = NULL,
                                    presence = 'NEW', silence_told = false, returning_seen_at = NULL
                                WHERE agent = ? AND manual_since IS NULL""",
                                clock.instant(),
                                security.getUserPrincipal().getName(),
                                Secret.random(randomness).sha256(),
                                agent));
        if (taken == 1) {
            LOG.infof("Agent taken over by hand tenant=%s agent=%s", tenant, agent);
        }
    }
}
