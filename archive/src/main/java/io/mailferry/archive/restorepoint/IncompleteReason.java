package io.mailferry.archive.restorepoint;

/** Why a restore point does not count as complete. Words of the log: renaming one breaks reading. */
public enum IncompleteReason {
    /** A folder's live and skipped items are not as many as Exchange said before or after. */
    FOLDER_COUNT_DIFFERS,
    /** What the exporter counted in its attempt is not what its recorded pages hold. */
    ATTEMPT_COUNT_DIFFERS,
    /** A folder's last recorded page is not the one that the exporter ended with. */
    HEAD_DIFFERS,
    /** A folder has recorded items, but the exporter says nothing of it. */
    FOLDER_NOT_WITNESSED
}
