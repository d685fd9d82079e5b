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

/** Where an agent takes a certificate in the place of its bearer credential. Open to all as far as operators' rights go. */
@Path("/api/v1/agents/{agent}/certificate")
@Produces(MediaType.APPLICATION_JSON)
final class CertificateResource {
    private static final Logger LOG = Logger.getLogger(CertificateResource.class);

    private final Credentials credentials;

    CertificateResource(Credentials credentials) {
        this.credentials = credentials;
    }

    record Bound(
            @Nullable Instant credentialExpiresAt, @Nullable Instant renewFrom) {}

    /** With the bearer credential in the header, over the TLS connection that shows the certificate. */
    @POST
    @PermitAll
    public Response bind(
            @PathParam("agent") AgentId agent,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorisation,
            @Context HttpServerRequest request) {
        Credentials.Issued issued = credentials.bind(Presented.of(authorisation, request), agent);
        LOG.infof("Certificate bound agent=%s", agent);
        return Response.status(Response.Status.CREATED)
                .entity(new Bound(issued.expiresAt(), issued.renewFrom()))
                .build();
    }
}
