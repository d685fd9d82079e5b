package io.mailferry.inventory.mailbox;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.inventory.server.ServerRows;
import io.mailferry.inventory.tenant.Directory;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Mailboxes that an operator names by their address, or lists in a file. */
@Path("/api/v1/servers/{server}/mailboxes")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class RegistrationResource {
    private final Mailboxes mailboxes;
    private final ServerRows servers;
    private final Directory directory;
    private final MailboxImport imports;

    RegistrationResource(Mailboxes mailboxes, ServerRows servers, Directory directory, MailboxImport imports) {
        this.mailboxes = mailboxes;
        this.servers = servers;
        this.directory = directory;
        this.imports = imports;
    }

    record Registered(MailboxId mailboxId) {}

    /** 201 for a new mailbox, 200 for one that was known. */
    @POST
    @RolesAllowed(Roles.OPERATOR)
    public Response register(
            @PathParam("server") ServerId server, @Context SecurityContext security, InputStream body) {
        TenantId tenant = servers.requireTenantOf(server);
        String address = MailAddress.read(JsonBody.read(body).at("address"));
        Mailboxes.Registered registered = mailboxes.register(
                tenant,
                server,
                new Said.Operator(security.getUserPrincipal().getName()),
                directory.seal(tenant, address));
        return Response.status(registered.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(new Registered(registered.mailbox()))
                .build();
    }

    /**
     * What Get-Mailbox or Get-MailboxStatistics wrote as CSV: all of it, or nothing. The type is looked at here and not by
     * {@code @Consumes}, so that who may not call this hears that and not what it would take.
     */
    @POST
    @Path("/import")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed(Roles.OPERATOR)
    public MailboxImport.Done take(
            @PathParam("server") ServerId server,
            @Context SecurityContext security,
            @HeaderParam("Content-Type") @Nullable String type,
            InputStream body) {
        TenantId tenant = servers.requireTenantOf(server);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("text/csv")) {
            throw new NotSupportedException();
        }
        Said.Operator operator = new Said.Operator(security.getUserPrincipal().getName());
        return imports.take(tenant, server, operator, MailboxCsv.read(body));
    }
}
