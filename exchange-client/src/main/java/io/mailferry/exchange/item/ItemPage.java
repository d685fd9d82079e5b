package io.mailferry.exchange.item;

import java.util.List;

/**
 * One answer of SyncFolderItems, in the server's order.
 *
 * @param syncState opaque, may be large; to be given at the next call
 * @param last whether nothing more waits behind this page
 */
public record ItemPage(List<ItemChange> changes, String syncState, boolean last) {
    public ItemPage {
        changes = List.copyOf(changes);
    }

    @Override
    public String toString() {
        return "ItemPage[changes=" + changes.size() + ", last=" + last + "]";
    }
}
