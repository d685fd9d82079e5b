package io.mailferry.planner.fleet;

/** What an inventory event changed, as far as others have to look again. */
public enum Change {
    /** A figure, a name or nothing: no verdict and no plan depends on it. */
    NOTHING_TO_DECIDE,
    /** A fact that a verdict or a plan of this server may depend on. */
    FACTS
}
