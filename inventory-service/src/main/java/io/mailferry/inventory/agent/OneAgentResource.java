package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.AgentId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** One agent, for operators. */
@Path("/api/v1/agents/{agent}")
@Produces(MediaType.APPLICATION_JSON)
final class OneAgentResource {
    private final AgentList agents;

    OneAgentResource(AgentList agents) {
        this.agents = agents;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public AgentList.Listed one(@PathParam("agent") AgentId agent) {
        return agents.one(agent);
    }
}
