package io.mailferry.access.problem;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns every way a call can fail into a problem. Public because the generated invokers live elsewhere. */
public final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private static final int RETRY_AFTER_SECONDS = 2;

    @ServerExceptionMapper
    public Response of(ProblemException failure) {
        return response(failure.problem());
    }

    @ServerExceptionMapper
    public Response of(UnauthorizedException failure) {
        return response(ProblemException.unauthorised().problem());
    }

    @ServerExceptionMapper
    public Response of(AuthenticationFailedException failure) {
        return response(ProblemException.unauthorised().problem());
    }

    /** The provider that operators sign in at is away, and its keys are not known here yet. */
    @ServerExceptionMapper
    public Response of(OIDCException failure) {
        LOG.warnf("call refused, OIDC provider away: failure=%s", failure.getMessage());
        return response(ProblemException.unavailable(
                        "The sign-in provider does not answer. The same call may work in a moment.")
                .problem());
    }

    @ServerExceptionMapper
    public Response of(ForbiddenException failure) {
        return response(ProblemException.forbidden().problem());
    }

    @ServerExceptionMapper
    public Response of(MismatchedInputException failure) {
        return response(ofJson(failure));
    }

    @ServerExceptionMapper
    public Response of(DatabindException failure) {
        return response(ofJson(failure));
    }

    @ServerExceptionMapper
    public Response of(StreamReadException failure) {
        return response(ofJson(failure));
    }

    /** What the framework answers by itself: unknown paths, wrong methods and media types, unreadable bodies. */
    @ServerExceptionMapper
    public Response of(WebApplicationException failure) {
        if (failure.getCause() instanceof JacksonException json) {
            return response(ofJson(json));
        }
        Response given = failure.getResponse();
        if (given.getStatus() >= 500) {
            return response(unexpected(failure));
        }
        Response.StatusType status = given.getStatusInfo();
        Problem problem = given.getStatus() == 404
                ? ProblemException.notFound().problem()
                : Problem.of(status.getStatusCode(), status.getReasonPhrase(), null);
        Response.ResponseBuilder answer = Response.fromResponse(response(problem));
        if (given.getHeaderString(HttpHeaders.ALLOW) != null) {
            answer.header(HttpHeaders.ALLOW, given.getHeaderString(HttpHeaders.ALLOW));
        }
        return answer.build();
    }

    @ServerExceptionMapper
    public Response of(Exception failure) {
        return response(unexpected(failure));
    }

    private static Problem unexpected(Exception failure) {
        if (databaseIsAway(failure)) {
            LOG.warnf(
                    "call refused, database away: failure=%s",
                    failure.getClass().getSimpleName());
            return ProblemException.unavailable("The database does not answer. The same call may work in a moment.")
                    .problem();
        }
        String instance = "urn:uuid:" + UUID.randomUUID();
        LOG.errorf(failure, "call failed unexpectedly instance=%s", instance);
        return new Problem(
                Problem.BLANK,
                "Internal error",
                500,
                "Something failed here that should not; the log names it by this instance.",
                null,
                instance);
    }

    /**
     * SQLSTATE classes 08 (connection), 53 (resources) and 57 (intervention), and 55P03, a lock that did not come free in
     * time; a pool without a connection gives none.
     */
    private static boolean databaseIsAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                return state == null
                        || state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57")
                        || state.equals("55P03");
            }
        }
        return false;
    }

    /** For services that parse a body themselves: the problem of JSON that does not fit, naming the field. */
    public static Problem ofJson(JacksonException failure) {
        if (!(failure instanceof DatabindException databind) || failure.getCause() instanceof StreamReadException) {
            return Problem.of(400, "Not JSON", "The body cannot be read as JSON.");
        }
        String path = databind instanceof JsonMappingException mapping ? pathOf(mapping.getPath()) : "";
        if (databind.getCause() instanceof ProblemException known) {
            return prefixed(path, known.problem());
        }
        if (path.isEmpty()) {
            return Problem.of(400, "Invalid request", "The body is not of the expected shape.");
        }
        return Problem.of(400, "Invalid request", "This field is missing or not of the expected shape.")
                .inField(path);
    }

    private static Problem prefixed(String path, Problem problem) {
        @Nullable String field = problem.field();
        if (field == null || path.isEmpty()) {
            return problem;
        }
        return problem.inField(path + "." + field);
    }

    /** {@code status.backupSets[2].mode} */
    private static String pathOf(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() == null) {
                text.append('[').append(step.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return text.toString();
    }

    private static Response response(Problem problem) {
        Response.ResponseBuilder answer =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        if (problem.status() == 503) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return answer.build();
    }
}
