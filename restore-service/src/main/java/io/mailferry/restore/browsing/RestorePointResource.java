package io.mailferry.restore.browsing;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;

/** A mailbox's restore points. */
@Path("/api/v1/tenants/{tenant}/mailboxes/{mailbox}/restore-points")
public class RestorePointResource {
    private final RestorePoints restorePoints;
    private final SkippedItems skippedItems;
    private final CallerTenants tenants;

    RestorePointResource(RestorePoints restorePoints, SkippedItems skippedItems, CallerTenants tenants) {
        this.restorePoints = restorePoints;
        this.skippedItems = skippedItems;
        this.tenants = tenants;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<RestorePointView> list(@PathParam("tenant") TenantId tenant, @PathParam("mailbox") MailboxId mailbox) {
        return restorePoints.of(tenants.require(tenant), mailbox);
    }

    /** Which items Exchange did not give, by the ids it knows them by, so that they can be looked for there. */
    @GET
    @Path("/{restorePoint}/skipped-items")
    @RolesAllowed(Roles.OPERATOR)
    public List<SkippedItemView> skipped(
            @PathParam("tenant") TenantId tenant,
            @PathParam("mailbox") MailboxId mailbox,
            @PathParam("restorePoint") RestorePointId restorePoint) {
        return skippedItems.of(tenants.require(tenant), mailbox, restorePoint);
    }
}
