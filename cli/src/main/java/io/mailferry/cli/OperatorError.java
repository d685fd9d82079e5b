package io.mailferry.cli;

import java.io.Serial;

/** What the operator asked for cannot be meant so; the message says what to do instead. */
final class OperatorError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    OperatorError(String message) {
        super(message);
    }
}
