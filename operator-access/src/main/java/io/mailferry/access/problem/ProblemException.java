package io.mailferry.access.problem;

import java.util.Objects;

/**
 * Ends a call with a problem. Thrown from a constructor of a JSON body it arrives at the caller all the same, its field
 * prefixed with the place of that object in the body.
 */
public final class ProblemException extends RuntimeException {
    private final Problem problem;

    private ProblemException(Problem problem) {
        super(problem.status() + " " + problem.title());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** 400: a field of the body or a parameter is wrong; the detail says how, without quoting it. */
    public static ProblemException invalid(String field, String detail) {
        return new ProblemException(Problem.of(400, "Invalid request", detail).inField(Objects.requireNonNull(field)));
    }

    /** 401: who calls is not known. */
    public static ProblemException unauthorised() {
        return new ProblemException(Problem.of(401, "Unauthorised", "A valid bearer token is needed."));
    }

    /** 403: the caller is known and may not. */
    public static ProblemException forbidden() {
        return new ProblemException(Problem.of(403, "Forbidden", "Your role or tenants do not permit this."));
    }

    /** 404: there is no such thing, or it belongs to another tenant. */
    public static ProblemException notFound() {
        return new ProblemException(Problem.of(404, "Not found", "There is no such thing here."));
    }

    /** 409: the call contradicts the present state. */
    public static ProblemException conflict(String detail) {
        return new ProblemException(Problem.of(409, "Conflict", detail));
    }

    /** 413: the body is over the limit. */
    public static ProblemException tooLarge(String detail) {
        return new ProblemException(Problem.of(413, "Too large", detail));
    }

    /** 429: more calls than are served at once; the same call may work later. */
    public static ProblemException tooMany(String detail) {
        return new ProblemException(Problem.of(429, "Too many requests", detail));
    }

    /** 503: something this service needs is away; the same call may work later. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(Problem.of(503, "Unavailable", detail));
    }
}
