package io.mailferry.simulator.mailbox;

/** A sync state that this mailbox did not give out for this folder. */
public final class InvalidSyncStateException extends Exception {
    InvalidSyncStateException() {
        super("The sync state is not of this folder");
    }
}
