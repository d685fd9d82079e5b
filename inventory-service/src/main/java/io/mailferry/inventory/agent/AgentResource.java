package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Filter;
import io.mailferry.inventory.listing.Page;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

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

    /** @param q a part of the name */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public RestResponse<List<AgentList.Listed>> list(
            @PathParam("tenant") TenantId tenant,
            @QueryParam("q") @Nullable String q,
            @QueryParam("server") @Nullable String server,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @Context UriInfo asked) {
        AgentList.Wanted wanted = new AgentList.Wanted(
                Filter.search(q), Filter.id("server", server), Filter.word("state", state, Presence.class));
        Page page = Page.read(limit, after);
        return page.answer(agents.of(tenants.require(tenant), wanted, page), AgentList.Listed::agentId, asked);
    }
}
