package io.mailferry.inventory.agent;

import io.mailferry.access.operator.Roles;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.protocol.Field;
import io.mailferry.inventory.protocol.JsonBody;
import io.mailferry.inventory.tenant.Tenants;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
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
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Enrolment tokens, for operators. A token is shown once, here. */
@Path("/api/v1/tenants/{tenant}/enrolment-tokens")
@Produces(MediaType.APPLICATION_JSON)
final class EnrolmentTokenResource {
    private static final Logger LOG = Logger.getLogger(EnrolmentTokenResource.class);
    private static final int USES_MAX = 100_000;
    private static final Duration VALIDITY_DEFAULT = Duration.ofDays(7);
    private static final Duration VALIDITY_MAX = Duration.ofDays(90);

    private final EnrolmentTokens tokens;
    private final AgentList agents;
    private final Tenants tenants;

    EnrolmentTokenResource(EnrolmentTokens tokens, AgentList agents, Tenants tenants) {
        this.tokens = tokens;
        this.agents = agents;
        this.tenants = tenants;
    }

    /** @param agentId the one agent that may enrol anew with it; null for a token that makes new agents */
    record IssuedToken(
            UUID id,
            String token,
            int uses,
            Instant expiresAt,
            @Nullable AgentId agentId) {
        @Override
        public String toString() {
            return "IssuedToken[…]";
        }
    }

    /**
     * Body: {@code uses} (1 if absent) and {@code expiresIn}, an ISO-8601 duration such as P7D (which is the default). With
     * {@code agentId} the token, of one use, is for that agent of the tenant to enrol anew and keep its identity.
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    public Response create(@PathParam("tenant") TenantId tenant, InputStream body, @Context SecurityContext security) {
        TenantId known = tenants.require(tenant);
        Field wanted = JsonBody.read(body);
        int uses = wanted.ifPresent("uses").map(EnrolmentTokenResource::uses).orElse(1);
        Duration validity = wanted.ifPresent("expiresIn")
                .map(EnrolmentTokenResource::validity)
                .orElse(VALIDITY_DEFAULT);
        AgentId agent = wanted.ifPresent("agentId")
                .map(field -> ofTenant(known, field, uses))
                .orElse(null);
        EnrolmentTokens.Issued issued = tokens.issue(
                known, uses, validity, agent, security.getUserPrincipal().getName());
        LOG.infof("Enrolment token issued tenant=%s uses=%d agent=%s", known, uses, agent);
        return Response.status(Response.Status.CREATED)
                .entity(new IssuedToken(
                        issued.id(), issued.token().text(), issued.uses(), issued.expiresAt(), issued.agent()))
                .build();
    }

    private AgentId ofTenant(TenantId tenant, Field field, int uses) {
        AgentId agent = new AgentId(field.uuid());
        if (uses != 1) {
            throw field.invalid("A token for one agent has one use.");
        }
        if (!agents.isOf(tenant, agent)) {
            throw field.invalid("This tenant has no such agent.");
        }
        return agent;
    }

    /** The newest thousand, without the tokens themselves. */
    @GET
    @RolesAllowed(Roles.VIEWER)
    public List<EnrolmentTokens.Listed> list(@PathParam("tenant") TenantId tenant) {
        return tokens.of(tenants.require(tenant));
    }

    /** Nobody enrols with it any more; who did stays. */
    @DELETE
    @Path("{token}")
    @RolesAllowed(Roles.ADMIN)
    public void revoke(@PathParam("tenant") TenantId tenant, @PathParam("token") UUID token) {
        if (!tokens.revoke(tenants.require(tenant), token)) {
            throw ProblemException.notFound();
        }
        LOG.infof("Enrolment token revoked tenant=%s tokenId=%s", tenant, token);
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
