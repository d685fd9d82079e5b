package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.contracts.exchange.SkipCause;

/** An item that could not be read so far, with what is needed to ask for it again. */
record SkippedItem(String itemId, String changeKey, FolderKey folder, SkipCause cause) {
    @Override
    public String toString() {
        return "SkippedItem " + cause;
    }
}
