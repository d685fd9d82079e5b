package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.Problem;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.KeyWrong;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.inventory.agent.Presented;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Where agents report. Open to all as far as operators' rights go: an agent's own credential is what is asked for. */
@Path("/api/v1/agents/{agent}/heartbeat")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
final class HeartbeatResource {
    private static final Logger LOG = Logger.getLogger(HeartbeatResource.class);

    /** Below what proxies commonly bear of an idle request. */
    private static final int WAIT_SECONDS_MAX = 55;

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private final HeartbeatGateway gateway;
    private final CommandBell bell;
    private final Semaphore underway;
    private final Semaphore largeBodies;
    private final long largeBodyWithinMillis;
    private final long retryAfterSeconds;
    private final MeterRegistry meters;

    HeartbeatResource(HeartbeatGateway gateway, CommandBell bell, GatewaySettings settings, MeterRegistry meters) {
        this.bell = bell;
        this.underway = new Semaphore(settings.underwayMax());
        this.largeBodies = new Semaphore(settings.largeBodiesMax(), true);
        this.largeBodyWithinMillis = settings.largeBodyWithin().toMillis();
        this.gateway = gateway;
        this.retryAfterSeconds = settings.retryAfter().toSeconds();
        this.meters = meters;
    }

    /** On a virtual thread: it mostly waits for its group, and thousands may. */
    @POST
    @PermitAll
    @RunOnVirtualThread
    public Response beat(
            @PathParam("agent") AgentId agent,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorisation,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            @QueryParam("wait") @Nullable String wait,
            @Context HttpServerRequest request,
            InputStream body) {
        Presented presented = Presented.of(authorisation, request);
        try {
            return Response.ok(beat(agent, presented, encoding, seconds(wait), body))
                    .build();
        } catch (EnrolAnew e) {
            count("cloned");
            LOG.warnf("Two agents use one credential, or an old heartbeat was played again agent=%s", agent);
            Problem problem = EnrolAnew.problem();
            return answer(problem, problem.field()).build();
        } catch (ProblemException e) {
            count(outcome(e.problem()));
            return switch (e.problem().status()) {
                case 404 -> answer(e.problem(), "agentId").build();
                case 409 -> answer(e.problem(), "sequence").build();
                case 413 -> answer(e.problem(), "body").build();
                case 429, 503 -> comeAgain(e.problem());
                default -> throw e;
            };
        } catch (JdbiException e) {
            count("unavailable");
            // Without the exception's text, which quotes what was bound to the statement.
            LOG.errorf("Heartbeat not taken agent=%s failure=%s", agent, rootName(e));
            return comeAgain(ProblemException.unavailable("The database is away; send the next heartbeat later.")
                    .problem());
        } catch (KeyMissing | KeyWrong e) {
            count("unavailable");
            LOG.errorf(e, "Heartbeat not taken agent=%s", agent);
            return comeAgain(ProblemException.unavailable("The tenant's keys are not in order; its operator is told.")
                    .problem());
        }
    }

    private HeartbeatGateway.Answer beat(
            AgentId agent, Presented presented, @Nullable String encoding, int wait, InputStream body) {
        try (CommandBell.Waiting waiting = bell.expect(agent, wait > 0)) {
            HeartbeatGateway.Taken taken = take(agent, presented, encoding, body);
            count("taken");
            return wait > 0 ? gateway.await(presented, taken, waiting, Duration.ofSeconds(wait)) : taken.answer();
        }
    }

    /** Read by hand: a parameter that the framework cannot read is answered as if there were no such agent. */
    private static int seconds(@Nullable String wait) {
        if (wait == null) {
            return 0;
        }
        if (!SECONDS.matcher(wait).matches()) {
            throw ProblemException.invalid("wait", "This is not a number of seconds.");
        }
        return Math.min(Integer.parseInt(wait), WAIT_SECONDS_MAX);
    }

    private HeartbeatGateway.Taken take(
            AgentId agent, Presented presented, @Nullable String encoding, InputStream body) {
        if (!underway.tryAcquire()) {
            throw ProblemException.tooMany("Too many agents report at once; send the next heartbeat later.");
        }
        try {
            return gateway.take(
                    presented, agent, HeartbeatBody.begin(body, encoding, largeBodies, largeBodyWithinMillis));
        } finally {
            underway.release();
        }
    }

    private static String rootName(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof SQLException sql
                ? "SQLState" + sql.getSQLState()
                : root.getClass().getSimpleName();
    }

    private Response comeAgain(Problem problem) {
        return answer(problem, problem.field())
                .header(HttpHeaders.RETRY_AFTER, retryAfterSeconds)
                .build();
    }

    /** The problem with the part of the request that it is about, also where that is no field of the body. */
    private static Response.ResponseBuilder answer(Problem problem, @Nullable String field) {
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(new Problem(
                        problem.type(),
                        problem.title(),
                        problem.status(),
                        problem.detail(),
                        field,
                        problem.instance()));
    }

    private static String outcome(Problem problem) {
        return switch (problem.status()) {
            case 400 -> "invalid";
            case 401 -> "unauthorised";
            case 404 -> "foreign";
            case 409 -> "repeated";
            case 413 -> "too_large";
            case 429 -> "too_many";
            default -> "unavailable";
        };
    }

    private void count(String outcome) {
        meters.counter("mailferry.inventory.heartbeats", "outcome", outcome).increment();
    }
}
