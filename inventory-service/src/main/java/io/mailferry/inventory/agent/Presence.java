package io.mailferry.inventory.agent;

/**
 * Whether an agent reports, on this service's clock.
 *
 * <pre>
 * NEW -> PRESENT <-> LATE -> SILENT <-> RETURNING -> PRESENT
 * </pre>
 *
 * One heartbeat is no return yet: an agent that comes and goes is told as silent once.
 */
enum Presence {
    /** Enrolled, never reported. */
    NEW,
    PRESENT,
    LATE,
    SILENT,
    /** Reported once since its silence. */
    RETURNING,
    /** An operator's hands do its work; nobody reports. */
    MANUAL,
    /** Refused since an operator said so. */
    REVOKED
}
