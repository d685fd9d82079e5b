package io.mailferry.uploader.bucket;

import io.mailferry.archive.store.StoreFailure;
import java.io.IOException;

/** The store failed for longer than patience lasts. */
public final class StoreGaveUp extends IOException {
    private static final long serialVersionUID = 1;

    private final String word;

    StoreGaveUp(StoreFailure last) {
        super("gave up: " + last.getMessage(), last);
        this.word = last.word();
    }

    public StoreGaveUp(String word) {
        super("gave up: " + word);
        this.word = word;
    }

    /** The last failure's. */
    public String word() {
        return word;
    }
}
