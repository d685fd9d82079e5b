package io.mailferry.inventory.server;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.ServerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** One Exchange server, for operators. */
@Path("/api/v1/servers/{server}")
@Produces(MediaType.APPLICATION_JSON)
final class ServerResource {
    private final Servers servers;
    private final ServerRows rows;

    ServerResource(Servers servers, ServerRows rows) {
        this.servers = servers;
        this.rows = rows;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public Servers.Server one(@PathParam("server") ServerId server) {
        return servers.one(rows.requireTenantOf(server), server);
    }
}
