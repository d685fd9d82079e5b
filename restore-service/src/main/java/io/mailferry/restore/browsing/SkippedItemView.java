package io.mailferry.restore.browsing;

/**
 * An item that could not be read from Exchange.
 *
 * @param itemId EWS's id of the item
 * @param folderId EWS's id of its folder
 * @param cause a word
 */
public record SkippedItemView(String itemId, String folderId, String cause) {
    @Override
    public String toString() {
        return "SkippedItemView[cause=" + cause + "]";
    }
}
