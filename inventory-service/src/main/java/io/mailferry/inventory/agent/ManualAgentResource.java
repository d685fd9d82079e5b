package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.inventory.tenant.Tenants;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import org.jboss.logging.Logger;

/**
 * Agents whose hands are an operator's, for servers beside which no program of ours runs or runs any more. To everybody else
 * they are agents like others, so plans order the same steps of them; only nothing ever calls the gateway for them.
 */
@Path("/api/v1/tenants/{tenant}/manual-agents")
@Produces(MediaType.APPLICATION_JSON)
final class ManualAgentResource {
    private static final Logger LOG = Logger.getLogger(ManualAgentResource.class);

    private final TenantTransactions transactions;
    private final Tenants tenants;
    private final Clock clock;
    private final SecureRandom randomness;

    ManualAgentResource(TenantTransactions transactions, Tenants tenants, Clock clock, SecureRandom randomness) {
        this.transactions = transactions;
        this.tenants = tenants;
        this.clock = clock;
        this.randomness = randomness;
    }

    record Made(AgentId agentId) {}

    /** Body: {@code name}, {@code brand} and {@code version} of the product that backs the server up. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.OPERATOR)
    public Response make(@PathParam("tenant") TenantId tenant, InputStream body, @Context SecurityContext security) {
        TenantId known = tenants.require(tenant);
        Field wanted = JsonBody.read(body);
        String name = wanted.at("name").text(200);
        String brand = wanted.at("brand").text(100);
        String version = AgentVersion.read(wanted.at("version"));
        AgentId agent = AgentId.random();
        transactions.useTenant(
                known,
                transaction -> transaction
                        .handle()
                        .execute(
                                """
                                INSERT INTO agent (agent, tenant, name, brand, version, credential_sha256, enrolled_at,
                                    manual_since, manual_by)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                                agent,
                                known,
                                name,
                                brand,
                                version,
                                // Of a secret that nobody has seen.
                                Secret.random(randomness).sha256(),
                                clock.instant(),
                                clock.instant(),
                                security.getUserPrincipal().getName()));
        LOG.infof("Manual agent made tenant=%s agent=%s", known, agent);
        return Response.status(Response.Status.CREATED).entity(new Made(agent)).build();
    }
}
