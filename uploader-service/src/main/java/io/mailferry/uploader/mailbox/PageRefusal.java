package io.mailferry.uploader.mailbox;

import io.mailferry.contracts.upload.UploadProgress.Refusal;

/** A page cannot be recorded. Work is lost by it, never an item: the exporter starts again from the log. */
final class PageRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal reason;

    PageRefusal(Refusal reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Refusal reason() {
        return reason;
    }
}
