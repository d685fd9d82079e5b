package io.mailferry.stack;

import java.io.Serial;

/** A part or service did not start or did not stop; the message names it and shows the last lines of its log. */
public final class StackFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    public StackFailure(String message) {
        super(message);
    }

    public StackFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
