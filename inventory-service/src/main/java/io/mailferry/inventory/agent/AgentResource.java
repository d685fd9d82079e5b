package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** A tenant's agents, for operators. */
@Path("/api/v1/tenants/{tenant}/agents")
@Produces(MediaType.APPLICATION_JSON)
final class AgentResource {
    private final AgentList agents;
    private final Tenants tenants;

    AgentResource(AgentList agents, Tenants tenants) {
        this.agents = agents;
        this.tenants = tenants;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<AgentList.Listed> list(@PathParam("tenant") TenantId tenant) {
        return agents.of(tenants.require(tenant));
    }
}
