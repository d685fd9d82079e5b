package io.mailferry.archive.escrow;

/** An escrow does not open: it is no acceptable one, was changed, or was encrypted to another key. */
public final class EscrowUnreadable extends Exception {
    private static final long serialVersionUID = 1;

    EscrowUnreadable(String why) {
        super(why);
    }
}
