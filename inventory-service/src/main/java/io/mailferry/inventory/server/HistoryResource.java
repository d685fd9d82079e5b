package io.mailferry.inventory.server;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.inventory.history.History;
import io.mailferry.inventory.listing.Page;
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

/** What changed of a server, its sets and its mailboxes, newest first. */
@Path("/api/v1/servers/{server}/history")
@Produces(MediaType.APPLICATION_JSON)
final class HistoryResource {
    private static final int LIMIT_DEFAULT = 100;

    private final History history;
    private final ServerRows servers;

    HistoryResource(History history, ServerRows servers) {
        this.history = history;
        this.servers = servers;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public RestResponse<List<History.Change>> list(
            @PathParam("server") ServerId server,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @Context UriInfo asked) {
        Page page = Page.read(limit, after, LIMIT_DEFAULT);
        return page.answer(history.of(servers.requireTenantOf(server), server, page), History.Change::changeId, asked);
    }
}
