package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.ProblemException;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.inventory.agent.Presented;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What this stack costs without what heartbeats are for: authenticates an agent, in groups as
 * heartbeats are, looks at nothing and answers. It lives here and not in a program of its own, so that it is the same stack whatever its settings become.
 */
@Path("/api/v1/agents/{agent}/bare")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class BareResource {
    private final Admissions admissions;
    private final boolean isThere;
    private final Clock clock;

    BareResource(Admissions admissions, GatewaySettings settings, Clock clock) {
        this.admissions = admissions;
        this.isThere = settings.bareEndpoint();
        this.clock = clock;
    }

    record Answer(Instant serverTime) {}

    @POST
    @PermitAll
    @RunOnVirtualThread
    public Answer answer(
            @PathParam("agent") AgentId agent,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorisation,
            @Context HttpServerRequest request) {
        if (!isThere) {
            throw ProblemException.notFound();
        }
        if (admissions
                .recognise(Presented.of(authorisation, request).kept(), agent)
                .isEmpty()) {
            throw ProblemException.unauthorised();
        }
        return new Answer(clock.instant());
    }
}
