package io.mailferry.archive.restorepoint;

import io.mailferry.archive.part.Damage;

/** What a verification found wrong, as a word for events, metrics and people. */
public enum DamageCause {
    /** An object, or an item's stretch of a pack, has not the bytes that were recorded. */
    CHECKSUM_MISMATCH,
    /** An object that the log names is not there, or is shorter than recorded. */
    MISSING_OBJECT,
    /** A sealed chunk does not open with the mailbox's key: it was changed, or moved from elsewhere. */
    UNDECRYPTABLE,
    /** A keyset does not unwrap with the tenant's key-encryption key. */
    WRONG_KEY,
    /** Opened, but its length, SHA-256 or compression is not what was sealed with it. */
    CONTENT_MISMATCH,
    /** Belongs to another tenant, mailbox, folder or item than where it lies. */
    FOREIGN_OBJECT,
    /** Parts of an item are missing, repeated or swapped. */
    PARTS_OUT_OF_ORDER,
    /** A segment is not sorted, or an entry does not fit what it points to. */
    INDEX_INCONSISTENT,
    /** A log entry does not continue the one before it. */
    FORGED_LOG_ENTRY,
    /** A log entry is missing between two. */
    LOG_HOLE,
    /** The exporter's signature under the restore point is not the tenant's, or not of these words. */
    FORGED_WITNESS,
    /** What the restore point says of its folders, items or pages is not what the bucket holds. */
    COUNT_MISMATCH,
    /** Written in a format, schema or kind of log entry that this version does not know. */
    UNKNOWN_FORMAT,
    /** Not the form it should have. */
    MALFORMED;

    /** The cause of a damage met while an object or an item was read. */
    static DamageCause of(Damage damage) {
        return switch (damage) {
            case MALFORMED -> MALFORMED;
            case UNSUPPORTED -> UNKNOWN_FORMAT;
            case OUT_OF_ORDER, TRUNCATED -> PARTS_OUT_OF_ORDER;
            case FOREIGN -> FOREIGN_OBJECT;
            case NOT_AUTHENTIC -> UNDECRYPTABLE;
            case CONTENT_MISMATCH -> CONTENT_MISMATCH;
            case CHECKSUM_MISMATCH -> CHECKSUM_MISMATCH;
            case MISSING -> MISSING_OBJECT;
            case BROKEN_CHAIN -> FORGED_LOG_ENTRY;
        };
    }
}
