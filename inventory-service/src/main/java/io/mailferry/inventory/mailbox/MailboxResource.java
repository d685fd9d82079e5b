package io.mailferry.inventory.mailbox;

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

    /**
     * @param address the whole address, which is found fast
     * @param q a part of the address, for which every address of the tenant is opened
     */
    @GET
    @RolesAllowed(Roles.OPERATOR)
    public RestResponse<List<MailboxList.Mailbox>> list(
            @PathParam("tenant") TenantId tenant,
            @QueryParam("address") @Nullable String address,
            @QueryParam("q") @Nullable String q,
            @QueryParam("server") @Nullable String server,
            @QueryParam("backupSet") @Nullable String backupSet,
            @QueryParam("inNoSet") @Nullable String inNoSet,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @Context UriInfo asked) {
        MailboxList.Wanted wanted = new MailboxList.Wanted(
                address,
                Filter.search(q),
                Filter.id("server", server),
                Filter.id("backupSet", backupSet),
                Filter.flag("inNoSet", inNoSet));
        Page page = Page.read(limit, after);
        return page.answer(list.of(tenants.require(tenant), wanted, page), MailboxList.Mailbox::mailboxId, asked);
    }
}
