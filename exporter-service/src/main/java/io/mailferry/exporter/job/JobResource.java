package io.mailferry.exporter.job;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Export jobs and how far they are. */
@Path("/api/v1/tenants/{tenant}/jobs")
@Blocking
public class JobResource {
    private final Jobs jobs;
    private final CallerTenants tenants;

    JobResource(Jobs jobs, CallerTenants tenants) {
        this.jobs = jobs;
        this.tenants = tenants;
    }

    /** The newest first, at most 500; of one mailbox if it is given. */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<JobView> list(
            @PathParam("tenant") TenantId tenant, @QueryParam("mailbox") @Nullable MailboxId mailbox) {
        return jobs.list(tenants.require(tenant), Optional.ofNullable(mailbox)).stream()
                .map(JobView::of)
                .toList();
    }
}
