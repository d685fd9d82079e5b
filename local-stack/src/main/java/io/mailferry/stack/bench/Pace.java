package io.mailferry.stack.bench;

import java.time.Duration;

/**
 * How fast a load goes on.
 *
 * @param underwayMax requests underway at once, each on a line of its own
 * @param perSecond begun in each second; 0 for as many as are answered
 * @param during how long requests are begun
 * @param requestsMax after which no more are begun
 */
record Pace(int underwayMax, int perSecond, Duration during, long requestsMax) {
    private static final int UNDERWAY = 128;
    private static final int UNDERWAY_STEADY = 4_000;

    /** As many as are answered. */
    static Pace full(Duration during) {
        return new Pace(UNDERWAY, 0, during, Long.MAX_VALUE);
    }

    /** So many in each second, also when answers are late. */
    static Pace steady(int perSecond, Duration during) {
        return new Pace(UNDERWAY_STEADY, perSecond, during, Long.MAX_VALUE);
    }

    /** So many in all, as fast as they are answered. */
    static Pace once(int underwayMax, int requests, Duration deadline) {
        return new Pace(underwayMax, 0, deadline, requests);
    }
}
