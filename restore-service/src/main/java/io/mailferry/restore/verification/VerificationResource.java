package io.mailferry.restore.verification;

import io.mailferry.access.operator.CallerTenants;
import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Verifications that an operator starts and follows. */
@Path("/api/v1")
public class VerificationResource {
    private final Verifications verifications;
    private final CallerTenants tenants;

    VerificationResource(Verifications verifications, CallerTenants tenants) {
        this.verifications = verifications;
        this.tenants = tenants;
    }

    @POST
    @Path("/tenants/{tenant}/verifications")
    @RolesAllowed(Roles.OPERATOR)
    public RestResponse<Started> start(@PathParam("tenant") TenantId tenant, @Nullable Wanted wanted) {
        tenants.require(tenant);
        if (wanted == null || wanted.mailboxId() == null) {
            throw ProblemException.invalid("mailboxId", "The mailbox whose restore point is to be verified is needed.");
        }
        JobId job = verifications.request(tenant, wanted.mailboxId(), Optional.ofNullable(wanted.restorePoint()));
        return RestResponse.status(RestResponse.Status.ACCEPTED, new Started(job));
    }

    @GET
    @Path("/verifications/{job}")
    @RolesAllowed(Roles.VIEWER)
    public VerificationView follow(@PathParam("job") JobId job) {
        Verification verification = verifications.find(job).orElseThrow(ProblemException::notFound);
        tenants.require(verification.tenant());
        return VerificationView.of(verification);
    }

    /** @param restorePoint absent for the newest */
    public record Wanted(
            @Nullable MailboxId mailboxId, @Nullable RestorePointId restorePoint) {}

    public record Started(JobId jobId) {}
}
