package io.mailferry.restore.verification;

/** Why a restore point could be neither proven nor found damaged. */
public enum FailureCause {
    /** The mailbox has no restore point, or not the one that was asked for. */
    NO_RESTORE_POINT,
    /** A key of the tenant is not where it should be. */
    KEY_MISSING,
    /** A key of the tenant is there, but is none. */
    KEY_UNREADABLE,
    /** The store did not answer, again and again. */
    STORE_UNAVAILABLE,
    /** The store refuses this service: credentials or rights. */
    STORE_REFUSES,
    /** The mailbox's index is larger than the scratch space that the settings admit. */
    SCRATCH_EXHAUSTED,
    /** The command's time was over before a worker was free. */
    EXPIRED,
    /** A defect of ours; the log has it. */
    UNEXPECTED
}
