package io.mailferry.exchange.item;

import io.mailferry.exchange.folder.FolderId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an item besides its content. All of it is content in the sense of secrecy and never printed.
 *
 * @param parent the folder it lay in when it was read; null when the server does not say
 * @param sender the sender as {@code name <address>}; empty when there is none
 * @param to recipients in the same form, likewise {@code cc} and {@code bcc}
 * @param size as the server reckons it; -1 when it does not say
 * @param read null for items that have no such flag
 * @param properties MAPI properties by name, values as the server wrote them (binary ones in Base64)
 */
public record ItemHeader(
        ItemId id,
        @Nullable FolderId parent,
        String itemClass,
        String subject,
        String sender,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        @Nullable Instant sentAt,
        @Nullable Instant receivedAt,
        @Nullable Instant createdAt,
        long size,
        @Nullable Boolean read,
        @Nullable Boolean draft,
        @Nullable Boolean attachments,
        List<String> categories,
        Map<MapiProperty, String> properties) {

    public ItemHeader {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        categories = List.copyOf(categories);
        properties = Map.copyOf(properties);
    }

    @Override
    public String toString() {
        return "ItemHeader[size=" + size + "]";
    }
}
