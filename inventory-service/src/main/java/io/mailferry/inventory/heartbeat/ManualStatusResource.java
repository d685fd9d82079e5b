package io.mailferry.inventory.heartbeat;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Where an operator says what a manual agent's server and sets look like, in the words of a heartbeat. */
@Path("/api/v1/agents/{agent}/status")
@Consumes(MediaType.APPLICATION_JSON)
final class ManualStatusResource {
    private final TenantTransactions transactions;
    private final CallerTenants caller;
    private final Agents agents;
    private final Directory directory;
    private final HeartbeatTopic topic;
    private final Clock clock;

    ManualStatusResource(
            TenantTransactions transactions,
            CallerTenants caller,
            Agents agents,
            Directory directory,
            HeartbeatTopic topic,
            Clock clock) {
        this.transactions = transactions;
        this.caller = caller;
        this.agents = agents;
        this.directory = directory;
        this.topic = topic;
        this.clock = clock;
    }

    /** The whole status, as {@code status} of a heartbeat. The inventory reflects it a moment later. */
    @PUT
    @RolesAllowed(Roles.OPERATOR)
    public Response put(@PathParam("agent") AgentId agent, InputStream body) {
        TenantId tenant = caller.require(transactions.acrossTenants(
                transaction -> agents.tenantOf(transaction, agent).orElseThrow(ProblemException::notFound)));
        Instant since = transactions
                .inTenant(tenant, transaction -> agents.manualSince(transaction, agent))
                .orElseThrow(() -> ProblemException.conflict("This agent reports by itself."));
        Field root = JsonBody.read(body);
        AgentStatus status = Heartbeat.status(root, address -> directory.seal(tenant, address));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // One boot for as long as it is done by hand: what an operator said later is the newer word.
        topic.publish(new AgentHeartbeat(
                tenant,
                agent,
                now.toEpochMilli(),
                new UUID(since.toEpochMilli(), agent.value().getLeastSignificantBits()),
                now,
                now,
                "by-hand:" + now.toEpochMilli(),
                Optional.of(status)));
        return Response.accepted().build();
    }
}
