package io.mailferry.exchange.failure;

/**
 * Carries an {@link ExchangeFailure} out of a half-read answer; the session's callers get it as a value. It has no
 * cause on purpose: messages of XML readers quote the answer, which is content.
 */
public final class ExchangeException extends RuntimeException {

    private final transient ExchangeFailure failure;

    public ExchangeException(ExchangeFailure failure) {
        super(failure.category() + " " + failure.code());
        this.failure = failure;
    }

    public ExchangeException(FailureCategory category, FailureReach reach, String code) {
        this(ExchangeFailure.of(category, reach, code));
    }

    public ExchangeFailure failure() {
        return failure;
    }
}
