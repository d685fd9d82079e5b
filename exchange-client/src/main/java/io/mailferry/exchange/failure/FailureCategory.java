package io.mailferry.exchange.failure;

/** Picks the reaction to a failure, and is its metric label. */
public enum FailureCategory {
    /** May pass by itself: repeat after a pause, a bounded number of times. */
    TRANSIENT,
    /** The server asks for less: wait as long as it says, halve the concurrency, then repeat. */
    THROTTLED,
    /** Repeating does not help: give up what {@link FailureReach} names. */
    PERMANENT,
    /** This one thing cannot be read in this form: record it as skipped with its cause, go on. */
    POISON
}
