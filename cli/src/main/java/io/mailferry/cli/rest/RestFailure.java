package io.mailferry.cli.rest;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A service refused or could not be asked. The message is for the operator and bears no secret. */
public final class RestFailure extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable Duration retryAfter;

    /** @param status the HTTP status, 0 when there was no answer */
    public RestFailure(int status, String message) {
        this(status, message, Optional.empty());
    }

    RestFailure(int status, String message, Optional<Duration> retryAfter) {
        super(message);
        this.status = status;
        this.retryAfter = retryAfter.orElse(null);
    }

    RestFailure(String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
        this.retryAfter = null;
    }

    public int status() {
        return status;
    }

    /** When the service wants to be asked again, if it says so. */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether the connection failed in a way that a restart of the service explains. */
    boolean isAway() {
        return getCause() instanceof IOException && !(getCause() instanceof SSLException);
    }
}
