package io.mailferry.inventory.agent;

/** Whether an agent reports, on this service's clock. */
enum Presence {
    /** Enrolled, never reported. */
    NEW,
    PRESENT,
    LATE,
    SILENT
}
