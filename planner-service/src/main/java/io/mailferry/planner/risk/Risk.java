package io.mailferry.planner.risk;

/** What becomes of a backup set, by the announcements' rules. */
public enum Risk {
    /** Nothing to do. */
    UNAFFECTED,
    /** MAPI backup works, and will not for long: an update is planned, or policy says to move early. */
    AT_RISK,
    /** MAPI backup loses a part: public folders. */
    DEGRADED,
    /** MAPI backup does not work. */
    BROKEN,
    /** A fact is missing; the verdict asks for it. */
    UNKNOWN;

    public boolean needsTransition() {
        return switch (this) {
            case AT_RISK, DEGRADED, BROKEN -> true;
            case UNAFFECTED, UNKNOWN -> false;
        };
    }
}
