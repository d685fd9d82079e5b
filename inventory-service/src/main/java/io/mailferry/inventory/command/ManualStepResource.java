package io.mailferry.inventory.command;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Tenants;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The steps that an operator does by hand where no agent is: the same commands, and the same results. */
@Path("/api/v1/tenants/{tenant}/manual-steps")
@Produces(MediaType.APPLICATION_JSON)
final class ManualStepResource {
    private static final int LISTED_MAX = 1_000;

    private final TenantTransactions transactions;
    private final CommandRows rows;
    private final DeletionTerms deletions;
    private final Tenants tenants;

    ManualStepResource(TenantTransactions transactions, CommandRows rows, DeletionTerms deletions, Tenants tenants) {
        this.transactions = transactions;
        this.rows = rows;
        this.deletions = deletions;
        this.tenants = tenants;
    }

    /**
     * @param payload what an agent would be given
     * @param refused why this must not be done now, of a deletion whose proof or approvals are not in order
     */
    record Step(
            CommandId commandId,
            AgentId agentId,
            ServerId serverId,
            String type,
            int attempt,
            String state,
            Instant expiresAt,
            @JsonRawValue String payload,
            Optional<String> refused) {}

    /** Oldest first. */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<Step> list(@PathParam("tenant") TenantId tenant) {
        return transactions.inTenant(
                tenants.require(tenant),
                transaction -> rows.ofManualAgents(transaction, LISTED_MAX).stream()
                        .map(row -> new Step(
                                row.command(),
                                row.agent(),
                                row.server(),
                                row.type().word(),
                                row.attempt(),
                                row.state().word(),
                                row.expiresAt(),
                                row.payload(),
                                deletions.refusal(transaction, row)))
                        .toList());
    }
}
