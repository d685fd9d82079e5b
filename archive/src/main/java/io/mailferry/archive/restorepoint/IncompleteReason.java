package io.mailferry.archive.restorepoint;

/** Why a restore point does not count as complete. Words of the log: renaming one breaks reading. */
public enum IncompleteReason {
    /** A folder's live and skipped items are not as many as Exchange said before or after, nor between. */
    FOLDER_COUNT_DIFFERS,
    /** What the exporter counted in its attempt is not what its recorded pages hold. */
    ATTEMPT_COUNT_DIFFERS,
    /** A folder's last recorded page is not the one that the exporter ended with. */
    HEAD_DIFFERS,
    /** An item could not be read, and the exporter does not say so. */
    SKIP_NOT_LISTED,
    /** A folder is there that the account may not read, so that nobody can say what is missing. */
    FOLDER_NOT_READ
}
