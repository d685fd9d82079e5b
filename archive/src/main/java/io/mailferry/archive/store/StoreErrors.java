package io.mailferry.archive.store;

import io.mailferry.contracts.exchange.FailureCategory;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.InvalidResponseException;
import io.minio.errors.ServerException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Sorts what the SDK throws into categories. Exceptions' texts are kept as causes only: they quote whole requests. */
final class StoreErrors {
    private static final Set<String> ABSENT = Set.of("NoSuchKey", "NoSuchObject", "NoSuchVersion");
    private static final Set<String> TAKEN = Set.of("PreconditionFailed");
    private static final Set<String> BUSY =
            Set.of("SlowDown", "ServiceUnavailable", "TooManyRequests", "RequestLimitExceeded", "Throttling");
    private static final Set<String> PASSING = Set.of(
            "InternalError",
            "RequestTimeout",
            "OperationAborted",
            "ConditionalRequestConflict",
            "BadDigest",
            "XAmzContentSHA256Mismatch",
            "IncompleteBody");
    private static final Pattern STATUS = Pattern.compile("Response code: (\\d{3})");

    private StoreErrors() {}

    static StoreFailure failure(String operation, Exception thrown) {
        Throwable cause = unwrap(thrown);
        return switch (cause) {
            case StoreFailure failure -> failure;
            case InterruptedException e -> {
                // The SDK has taken the mark away; who asks again looks for it.
                Thread.currentThread().interrupt();
                yield new StoreFailure(FailureCategory.TRANSIENT, "Interrupted", operation, e);
            }
            case ErrorResponseException e -> answered(operation, e);
            case InvalidResponseException e -> unreadable(operation, e);
            case ServerException e -> status(operation, e.statusCode(), e);
            case UnknownHostException e -> new StoreFailure(FailureCategory.TRANSIENT, "UnknownHost", operation, e);
            case SSLException e -> new StoreFailure(FailureCategory.TRANSIENT, "Tls", operation, e);
            case IOException e -> new StoreFailure(FailureCategory.TRANSIENT, "Connection", operation, e);
            case IllegalArgumentException e ->
                // The SDK names the setting that it does not take, such as a bucket's name.
                new StoreFailure(FailureCategory.PERMANENT, "Settings", operation + " (" + e.getMessage() + ")", e);
            default -> new StoreFailure(FailureCategory.PERMANENT, "Client", operation, cause);
        };
    }

    /** @return empty if the failure says that the object is not there */
    static <T> Optional<T> absent(String operation, Exception thrown) throws StoreFailure {
        StoreFailure failure = failure(operation, thrown);
        if (ABSENT.contains(failure.word())) {
            return Optional.empty();
        }
        throw failure;
    }

    /** Of a conditional PUT: what the server refused was not stored, anything else may have been. */
    static PutOutcome conditional(Exception thrown) throws StoreFailure {
        StoreFailure failure = failure("conditional put", thrown);
        if (TAKEN.contains(failure.word())) {
            return new PutOutcome.AlreadyThere();
        }
        if (failure.category() == FailureCategory.PERMANENT || failure.category() == FailureCategory.THROTTLED) {
            throw failure;
        }
        return new PutOutcome.Unconfirmed(failure);
    }

    private static StoreFailure answered(String operation, ErrorResponseException e) {
        String code = e.errorResponse().code();
        int status = e.response() == null ? 0 : e.response().code();
        String word = code == null || code.isEmpty() ? "Status" + status : code;
        if (status == 412) {
            word = "PreconditionFailed";
        }
        if (BUSY.contains(word) || status == 503 || status == 429) {
            return new StoreFailure(FailureCategory.THROTTLED, word, operation, e);
        }
        boolean passing = PASSING.contains(word) || status >= 500;
        return new StoreFailure(passing ? FailureCategory.TRANSIENT : FailureCategory.PERMANENT, word, operation, e);
    }

    /** A proxy's page instead of the server's XML: only the status is of use. */
    private static StoreFailure unreadable(String operation, InvalidResponseException e) {
        Matcher status = STATUS.matcher(String.valueOf(e.getMessage()));
        return status(operation, status.find() ? Integer.parseInt(status.group(1)) : 0, e);
    }

    private static StoreFailure status(String operation, int status, Exception e) {
        String word = "Status" + status;
        if (status == 412) {
            return new StoreFailure(FailureCategory.PERMANENT, "PreconditionFailed", operation, e);
        }
        if (status == 503 || status == 429) {
            return new StoreFailure(FailureCategory.THROTTLED, word, operation, e);
        }
        boolean permanent = status >= 400 && status < 500;
        return new StoreFailure(permanent ? FailureCategory.PERMANENT : FailureCategory.TRANSIENT, word, operation, e);
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException && cause.getCause() instanceof InterruptedException interrupted
                ? interrupted
                : cause;
    }
}
