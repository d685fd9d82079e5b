package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
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
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

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

    record IssuedToken(String token, int uses, Instant expiresAt) {
        @Override
        public String toString() {
            return "IssuedToken[…]";
        }
    }

    /** Body: {@code uses} (1 if absent) and {@code expiresIn}, an ISO-8601 duration such as P7D (which is the default). */
    @POST
    @RolesAllowed(Roles.ADMIN)
    public Response create(@PathParam("tenant") TenantId tenant, InputStream body, @Context SecurityContext security) {
        TenantId known = tenants.require(tenant);
        Field wanted = JsonBody.read(body);
        int uses = wanted.ifPresent("uses").map(EnrolmentTokenResource::uses).orElse(1);
        Duration validity = wanted.ifPresent("expiresIn")
                .map(EnrolmentTokenResource::validity)
                .orElse(VALIDITY_DEFAULT);
        EnrolmentTokens.Issued issued =
                tokens.issue(known, uses, validity, security.getUserPrincipal().getName());
        LOG.infof("Enrolment token issued tenant=%s uses=%d", known, uses);
        return Response.status(Response.Status.CREATED)
                .entity(new IssuedToken(issued.token().text(), issued.uses(), issued.expiresAt()))
                .build();
    }

    private static int uses(Field field) {
        int uses = (int) field.count(USES_MAX);
        if (uses == 0) {
            throw field.invalid("A token has at least one use.");
        }
        return uses;
    }

    private static Duration validity(Field field) {
        Duration validity;
        try {
            validity = Duration.parse(field.text(40));
        } catch (DateTimeException e) {
            throw field.invalid("This is not an ISO-8601 duration such as P7D or PT1H.");
        }
        if (!validity.isPositive() || validity.compareTo(VALIDITY_MAX) > 0) {
            throw field.invalid("A token is valid for at most 90 days.");
        }
        return validity;
    }
}
