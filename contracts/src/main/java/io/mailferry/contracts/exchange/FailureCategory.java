package io.mailferry.contracts.exchange;

/** What kind of failure it was; the category, not the exception, picks the reaction. */
public enum FailureCategory {
    /** Likely to pass: retry with a limit. */
    TRANSIENT,
    /** The other side asks for less: wait as long as it says. */
    THROTTLED,
    /** Will not pass by itself: stop and tell the operator. */
    PERMANENT,
    /** This one input is bad: set it aside, go on with the rest. */
    POISON
}
