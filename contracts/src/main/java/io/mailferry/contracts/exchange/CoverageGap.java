package io.mailferry.contracts.exchange;

/** A part of a mailbox that a restore point does not cover. */
public enum CoverageGap {
    ARCHIVE_MAILBOX,
    PUBLIC_FOLDERS,
    RECOVERABLE_ITEMS,
    FOLDER_ASSOCIATED_ITEMS,
    /** A folder the account may not read. */
    FOLDER_FORBIDDEN
}
