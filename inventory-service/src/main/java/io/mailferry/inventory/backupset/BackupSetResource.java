package io.mailferry.inventory.backupset;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.agent.BackupMode;
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

/** A tenant's backup sets, for operators. */
@Path("/api/v1/tenants/{tenant}/backup-sets")
@Produces(MediaType.APPLICATION_JSON)
final class BackupSetResource {
    private final BackupSetList list;
    private final Tenants tenants;

    BackupSetResource(BackupSetList list, Tenants tenants) {
        this.list = list;
        this.tenants = tenants;
    }

    /** @param q a part of the name */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public RestResponse<List<BackupSetList.BackupSet>> list(
            @PathParam("tenant") TenantId tenant,
            @QueryParam("q") @Nullable String q,
            @QueryParam("server") @Nullable String server,
            @QueryParam("agent") @Nullable String agent,
            @QueryParam("mode") @Nullable String mode,
            @QueryParam("present") @Nullable String present,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @Context UriInfo asked) {
        BackupSetList.Wanted wanted = new BackupSetList.Wanted(
                Filter.search(q),
                Filter.id("server", server),
                Filter.id("agent", agent),
                Filter.word("mode", mode, BackupMode.class),
                Filter.flag("present", present));
        Page page = Page.read(limit, after);
        return page.answer(list.of(tenants.require(tenant), wanted, page), BackupSetList.BackupSet::backupSetId, asked);
    }
}
