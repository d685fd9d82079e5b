package io.mailferry.restore.browsing;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;

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

    /**
     * Which items Exchange did not give, by the ids it knows them by, so that they can be looked for there. While there are
     * more, the {@code Link} header names the next page as RFC 8288 has it.
     *
     * @param from how many the caller has seen, 0 when absent
     */
    @GET
    @Path("/{restorePoint}/skipped-items")
    @RolesAllowed(Roles.OPERATOR)
    public RestResponse<List<SkippedItemView>> skipped(
            @PathParam("tenant") TenantId tenant,
            @PathParam("mailbox") MailboxId mailbox,
            @PathParam("restorePoint") RestorePointId restorePoint,
            @QueryParam("from") @DefaultValue("0") String from,
            @Context UriInfo uri) {
        if (!from.matches("[0-9]{1,9}")) {
            throw ProblemException.invalid("from", "This is not a whole number, such as 1000.");
        }
        int seen = Integer.parseInt(from);
        SkippedItems.Part part = skippedItems.of(tenants.require(tenant), mailbox, restorePoint, seen);
        var answer = RestResponse.ResponseBuilder.ok(part.items());
        if (part.more()) {
            String next = uri.getRequestUriBuilder()
                    .replaceQueryParam("from", seen + part.items().size())
                    .build()
                    .getRawQuery();
            answer.header(HttpHeaders.LINK, "<" + uri.getRequestUri().getRawPath() + "?" + next + ">; rel=\"next\"");
        }
        return answer.build();
    }
}
