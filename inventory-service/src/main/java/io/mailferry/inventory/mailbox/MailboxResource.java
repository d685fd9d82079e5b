package io.mailferry.inventory.mailbox;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant's mailboxes. Addresses are personal data: a viewer of states and counts does not get them. */
@Path("/api/v1/tenants/{tenant}/mailboxes")
@Produces(MediaType.APPLICATION_JSON)
final class MailboxResource {
    private final MailboxList list;
    private final Tenants tenants;

    MailboxResource(MailboxList list, Tenants tenants) {
        this.list = list;
        this.tenants = tenants;
    }

    @GET
    @RolesAllowed(Roles.OPERATOR)
    public List<MailboxList.Mailbox> list(
            @PathParam("tenant") TenantId tenant, @QueryParam("address") @Nullable String address) {
        return list.of(tenants.require(tenant), Optional.ofNullable(address));
    }
}
