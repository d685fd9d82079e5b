package io.mailferry.archive.page;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;

/** An item that could not be read in this or an earlier attempt and still cannot. {@code cause} is a word. */
public record CarriedSkip(ItemKey item, FolderKey folder, String cause) {
    public CarriedSkip {
        Words.require(cause);
    }
}
