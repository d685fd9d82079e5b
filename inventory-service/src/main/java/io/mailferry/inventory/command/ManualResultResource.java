package io.mailferry.inventory.command;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Where an operator says what became of a step that was done by hand. */
@Path("/api/v1/agents/{agent}/manual-results")
@Consumes(MediaType.APPLICATION_JSON)
final class ManualResultResource {
    private static final Logger LOG = Logger.getLogger(ManualResultResource.class);

    private final TenantTransactions transactions;
    private final CommandRows rows;
    private final CommandResults results;
    private final DeletionTerms deletions;
    private final Agents agents;
    private final CallerTenants caller;

    ManualResultResource(
            TenantTransactions transactions,
            CommandRows rows,
            CommandResults results,
            DeletionTerms deletions,
            Agents agents,
            CallerTenants caller) {
        this.transactions = transactions;
        this.rows = rows;
        this.results = results;
        this.deletions = deletions;
        this.agents = agents;
        this.caller = caller;
    }

    /**
     * What became of a step, in the words of a heartbeat's {@code results}: {@code commandId}, {@code attempt},
     * {@code outcome}, {@code cause} and {@code detail}.
     */
    @POST
    @RolesAllowed(Roles.OPERATOR)
    public void confirm(@PathParam("agent") AgentId agent, InputStream body, @Context SecurityContext security) {
        TenantId tenant = caller.require(transactions.acrossTenants(
                transaction -> agents.tenantOf(transaction, agent).orElseThrow(ProblemException::notFound)));
        ReportedResult reported = ReportedResult.read(JsonBody.read(body));
        List<CheckedResult> checked = transactions.inTenant(tenant, transaction -> {
            mayConfirm(transaction, agent, reported);
            return results.check(transaction, tenant, agent, List.of(reported));
        });
        if (checked.getFirst().meaning() instanceof CheckedResult.Meaning.Late) {
            throw ProblemException.conflict("This step is over, or of another attempt.");
        }
        List<CheckedResult> stored = results.store(tenant, agent, checked);
        transactions.useTenant(
                tenant,
                transaction -> stored.forEach(result -> {
                    results.take(transaction, agent, result);
                    rows.confirmedBy(
                            transaction,
                            result.command(),
                            security.getUserPrincipal().getName());
                }));
        LOG.infof(
                "Step confirmed by hand commandId=%s agent=%s outcome=%s",
                reported.commandId(), agent, reported.outcome());
    }

    private void mayConfirm(Transaction transaction, AgentId agent, ReportedResult reported) {
        if (agents.manualSince(transaction, agent).isEmpty()) {
            throw ProblemException.conflict("This agent tells its results by itself.");
        }
        CommandRows.Row row =
                rows.find(transaction, agent, reported.commandId()).orElseThrow(ProblemException::notFound);
        Optional<String> refused = deletions.refusal(transaction, row);
        if (refused.isPresent() && reported.outcome() == ReportedResult.Word.accepted) {
            throw ProblemException.conflict("This must not be done now: " + refused.get() + ".");
        }
    }
}
