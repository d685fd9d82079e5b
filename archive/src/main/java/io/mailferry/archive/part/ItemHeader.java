package io.mailferry.archive.part;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sealed header of an item (content and reference). Everything here is the user's data and is never logged.
 *
 * @param itemId the Exchange id, from which the item's key is computed
 * @param changeKey of this state of the item
 * @param folderId the folder it lay in
 * @param itemClass such as {@code IPM.Note}
 * @param from who sent it, as Exchange says it
 * @param bcc which MIME content often leaves out
 * @param size in bytes, as Exchange says it
 * @param categories the user's own, by name
 * @param contentForm what the content is: {@code mime} or {@code export} (the native export stream)
 * @param properties what MIME loses
 */
public record ItemHeader(
        String itemId,
        String changeKey,
        String folderId,
        @Nullable String itemClass,
        @Nullable String subject,
        @Nullable String from,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        @Nullable Instant sent,
        @Nullable Instant received,
        @Nullable Instant modified,
        long size,
        boolean read,
        boolean hasAttachments,
        List<String> categories,
        String contentForm,
        List<MapiProperty> properties) {
    public ItemHeader {
        to = to == null ? List.of() : List.copyOf(to);
        cc = cc == null ? List.of() : List.copyOf(cc);
        bcc = bcc == null ? List.of() : List.copyOf(bcc);
        categories = categories == null ? List.of() : List.copyOf(categories);
        properties = properties == null ? List.of() : List.copyOf(properties);
    }

    @Override
    public String toString() {
        return "ItemHeader";
    }
}
