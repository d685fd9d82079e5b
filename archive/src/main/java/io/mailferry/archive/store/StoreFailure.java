package io.mailferry.archive.store;

import io.mailferry.contracts.exchange.FailureCategory;
import java.io.IOException;

/** The object store did not do what it was asked. The category says whether asking again may help. */
public final class StoreFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final FailureCategory category;
    private final String word;

    StoreFailure(FailureCategory category, String word, String operation, Throwable cause) {
        super(operation + " failed: " + word, cause);
        this.category = category;
        this.word = word;
    }

    StoreFailure(FailureCategory category, String word, String operation) {
        super(operation + " failed: " + word);
        this.category = category;
        this.word = word;
    }

    public FailureCategory category() {
        return category;
    }

    /** The server's error code, or ours for what never reached it; fit to be a metric's label. */
    public String word() {
        return word;
    }
}
