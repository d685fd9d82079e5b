package io.mailferry.inventory.mailbox;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.inventory.tenant.Directory;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Mailboxes, for operators. Addresses are personal data: a viewer of states and counts does not get them. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class MailboxResource {
    private final MailboxList list;
    private final Mailboxes mailboxes;
    private final ServerRows servers;
    private final Tenants tenants;
    private final Directory directory;

    MailboxResource(MailboxList list, Mailboxes mailboxes, ServerRows servers, Tenants tenants, Directory directory) {
        this.list = list;
        this.mailboxes = mailboxes;
        this.servers = servers;
        this.tenants = tenants;
        this.directory = directory;
    }

    @GET
    @Path("/tenants/{tenant}/mailboxes")
    @RolesAllowed(Roles.OPERATOR)
    public List<MailboxList.Mailbox> list(
            @PathParam("tenant") TenantId tenant, @QueryParam("address") @Nullable String address) {
        return list.of(tenants.require(tenant), Optional.ofNullable(address));
    }

    record Registered(MailboxId mailboxId) {}

    /** 201 for a new mailbox, 200 for one that was known. */
    @POST
    @Path("/servers/{server}/mailboxes")
    @RolesAllowed(Roles.OPERATOR)
    public Response register(@PathParam("server") ServerId server, InputStream body) {
        TenantId tenant = servers.requireTenantOf(server);
        String address = MailAddress.read(JsonBody.read(body).at("address"));
        Mailboxes.Registered registered = mailboxes.register(tenant, server, directory.seal(tenant, address));
        return Response.status(registered.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(new Registered(registered.mailbox()))
                .build();
    }
}
