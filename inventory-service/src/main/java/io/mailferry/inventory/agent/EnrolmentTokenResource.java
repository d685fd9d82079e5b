package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Enrolment tokens, for operators. A token is shown once, here. */
@Path("/api/v1/tenants/{tenant}/enrolment-tokens")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class EnrolmentTokenResource {
    private static final Logger LOG = Logger.getLogger(EnrolmentTokenResource.class);
    private static final int USES_MAX = 100_000;
    private static final Duration VALIDITY_DEFAULT = Duration.ofDays(7);
    private static final Duration VALIDITY_MAX = Duration.ofDays(90);

    private final EnrolmentTokens tokens;
    private final Tenants tenants;

    EnrolmentTokenResource(EnrolmentTokens tokens, Tenants tenants) {
        this.tokens = tokens;
        this.tenants = tenants;
    }

    /** @param expiresIn an ISO-8601 duration such as P7D or PT1H */
    record NewToken(@Nullable Integer uses, @Nullable String expiresIn) {}

    record IssuedToken(String token, int uses, Instant expiresAt) {
        @Override
        public String toString() {
            return "IssuedToken[…]";
        }
    }

    @POST
    @RolesAllowed(Roles.ADMIN)
    public Response create(
            @PathParam("tenant") TenantId tenant, @Nullable NewToken wanted, @Context SecurityContext security) {
        TenantId known = tenants.require(tenant);
        int uses = wanted == null || wanted.uses() == null ? 1 : wanted.uses();
        if (uses < 1 || uses > USES_MAX) {
            throw ProblemException.invalid("uses", "A token has 1 to " + USES_MAX + " uses.");
        }
        Duration validity = validity(wanted == null ? null : wanted.expiresIn());
        EnrolmentTokens.Issued issued =
                tokens.issue(known, uses, validity, security.getUserPrincipal().getName());
        LOG.infof("Enrolment token issued tenant=%s uses=%d", known, uses);
        return Response.status(Response.Status.CREATED)
                .entity(new IssuedToken(issued.token().text(), issued.uses(), issued.expiresAt()))
                .build();
    }

    private static Duration validity(@Nullable String expiresIn) {
        if (expiresIn == null) {
            return VALIDITY_DEFAULT;
        }
        Duration validity;
        try {
            validity = Duration.parse(expiresIn);
        } catch (DateTimeException e) {
            throw ProblemException.invalid("expiresIn", "This is not an ISO-8601 duration such as P7D or PT1H.");
        }
        if (!validity.isPositive() || validity.compareTo(VALIDITY_MAX) > 0) {
            throw ProblemException.invalid("expiresIn", "A token is valid for at most 90 days.");
        }
        return validity;
    }
}
