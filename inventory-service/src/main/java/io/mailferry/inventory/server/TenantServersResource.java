package io.mailferry.inventory.server;

import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.listing.Filter;
import io.mailferry.inventory.listing.Page;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** A tenant's Exchange servers, for operators. */
@Path("/api/v1/tenants/{tenant}/servers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class TenantServersResource {
    private final Servers servers;
    private final Tenants tenants;
    private final CredentialFiles credentials;

    TenantServersResource(Servers servers, Tenants tenants, CredentialFiles credentials) {
        this.servers = servers;
        this.tenants = tenants;
        this.credentials = credentials;
    }

    /** @param q a part of the name */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public RestResponse<List<Servers.Server>> list(
            @PathParam("tenant") TenantId tenant,
            @QueryParam("q") @Nullable String q,
            @QueryParam("connected") @Nullable String connected,
            @QueryParam("buildsDiffer") @Nullable String buildsDiffer,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @Context UriInfo asked) {
        Servers.Wanted wanted = new Servers.Wanted(
                Filter.search(q), Filter.flag("connected", connected), Filter.flag("buildsDiffer", buildsDiffer));
        Page page = Page.read(limit, after);
        return page.answer(servers.of(tenants.require(tenant), wanted, page), Servers.Server::serverId, asked);
    }

    /** 201 for a new server, 200 for one that was known by its name or URL. */
    @POST
    @RolesAllowed(Roles.OPERATOR)
    public Response connect(@PathParam("tenant") TenantId tenant, @Context SecurityContext security, InputStream body) {
        TenantId known = tenants.require(tenant);
        Connection connection = Connection.read(JsonBody.read(body));
        if (connection.account() instanceof Connection.Account.Given && !credentials.isWritable()) {
            throw ProblemException.invalid(
                    "password", "This service keeps no credentials; mount them and name them by credentialRef.");
        }
        Servers.Connected connected = servers.connect(
                known, new Said.Operator(security.getUserPrincipal().getName()), connection);
        return Response.status(connected.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(connected.server())
                .build();
    }
}
