package io.mailferry.inventory.heartbeat;

import io.mailferry.access.problem.Problem;

/** A boot came back after another one of the same credential: one of the two agents has to be enrolled anew. */
final class EnrolAnew extends RuntimeException {
    /** The problem's type, by which an agent tells it from a mere repetition. */
    private static final String TYPE = "urn:mailferry:problem:enrolAnew";

    EnrolAnew() {
        super("two agents use one credential", null, false, false);
    }

    static Problem problem() {
        return new Problem(
                TYPE,
                "Enrol anew",
                409,
                "This boot was followed by another one: two agents use one credential, or a request was played again."
                        + " Stop, and be enrolled anew by an operator.",
                "bootId",
                null);
    }
}
