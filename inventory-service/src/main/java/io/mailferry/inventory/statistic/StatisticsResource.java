package io.mailferry.inventory.statistic;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What will have to move, for operators. */
@Path("/api/v1/tenants/{tenant}/statistics")
@Produces(MediaType.APPLICATION_JSON)
final class StatisticsResource {
    private final Statistics statistics;
    private final Tenants tenants;

    StatisticsResource(Statistics statistics, Tenants tenants) {
        this.statistics = statistics;
        this.tenants = tenants;
    }

    @GET
    @RolesAllowed(Roles.VIEWER)
    public Statistics.OfTenant ofTenant(@PathParam("tenant") TenantId tenant) {
        return statistics.of(tenants.require(tenant));
    }
}
