package io.mailferry.exchange.failure;

/** How far a failure reaches: what has to be given up, or started again, and what may go on. */
public enum FailureReach {
    /** One item; the rest of the batch goes on. */
    ITEM,
    /** One folder's sync state: that folder is synchronised again from empty state. */
    SYNC_STATE,
    /** One folder: a coverage gap, the rest of the mailbox goes on. */
    FOLDER,
    /** The mailbox: stop it and tell the operator, or come back later. */
    MAILBOX,
    /** The server or the way to it: every mailbox of it is concerned. */
    SERVER
}
