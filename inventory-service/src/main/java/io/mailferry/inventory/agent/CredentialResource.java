package io.mailferry.inventory.agent;

import io.mailferry.contracts.id.AgentId;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where an agent renews its credential. Open to all as far as operators' rights go. */
@Path("/api/v1/agents/{agent}/credential")
@Produces(MediaType.APPLICATION_JSON)
final class CredentialResource {
    private static final Logger LOG = Logger.getLogger(CredentialResource.class);

    private final Credentials credentials;

    CredentialResource(Credentials credentials) {
        this.credentials = credentials;
    }

    /**
     * The credential is shown once, here.
     *
     * @param credentialExpiresAt null for never
     */
    record Renewed(
            @Nullable String credential,
            @Nullable Instant credentialExpiresAt,
            @Nullable Instant renewFrom) {
        @Override
        public String toString() {
            return "Renewed[…]";
        }
    }

    @POST
    @PermitAll
    public Response renew(
            @PathParam("agent") AgentId agent,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorisation,
            @Context HttpServerRequest request) {
        Credentials.Issued issued = credentials.renew(Presented.of(authorisation, request), agent);
        LOG.infof("Credential renewed agent=%s", agent);
        return Response.status(Response.Status.CREATED)
                .entity(new Renewed(issued.shown(), issued.expiresAt(), issued.renewFrom()))
                .build();
    }
}
