package io.mailferry.archive.part;

/** What is wrong with something read from the archive or from Kafka. */
public enum Damage {
    /** Not the form it should have: truncated, or bytes that mean nothing. */
    MALFORMED,
    /** A format, schema or log entry this version does not know. */
    UNSUPPORTED,
    /** Parts that do not follow each other: one is missing, repeated or swapped. */
    OUT_OF_ORDER,
    /** The end is missing. */
    TRUNCATED,
    /** Belongs to another tenant, mailbox, item or page. */
    FOREIGN,
    /** The key does not open it: changed, moved, or another key's. */
    NOT_AUTHENTIC,
    /** Opened, but its length or checksum is not what was sealed with it. */
    CONTENT_MISMATCH,
    /** An object's bytes are not those whose checksum was recorded. */
    CHECKSUM_MISMATCH,
    /** An object that must be there is not. */
    MISSING,
    /** A log entry does not continue the one before it, or one is missing between two. */
    BROKEN_CHAIN
}
