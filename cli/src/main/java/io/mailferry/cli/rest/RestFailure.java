package io.mailferry.cli.rest;

import java.io.Serial;

/** A service refused or could not be asked. The message is for the operator and bears no secret. */
public final class RestFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status the HTTP status, 0 when there was no answer */
    public RestFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    RestFailure(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
    }

    public int status() {
        return status;
    }
}
