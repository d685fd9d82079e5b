package io.mailferry.exporter.attempt;

import io.mailferry.archive.part.FolderHeader;
import io.mailferry.archive.part.ItemHeader;
import io.mailferry.archive.part.MapiProperty;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.FolderId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Headers as the archive seals them, from what Exchange says. */
final class SealedHeaders {
    private static final String MIME = "mime";

    private SealedHeaders() {}

    static ItemHeader of(io.mailferry.exchange.item.ItemHeader header, FolderId readFrom) {
        FolderId parent = header.parent();
        List<MapiProperty> properties = header.properties().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().ordinal()))
                .map(entry ->
                        new MapiProperty(entry.getKey().tag(), entry.getKey().type(), List.of(entry.getValue())))
                .toList();
        return new ItemHeader(
                header.id().value(),
                header.id().changeKey(),
                (parent == null ? readFrom : parent).value(),
                emptyToNull(header.itemClass()),
                emptyToNull(header.subject()),
                emptyToNull(header.sender()),
                header.to(),
                header.cc(),
                header.bcc(),
                header.sentAt(),
                header.receivedAt(),
                modified(header.properties()),
                header.size(),
                Boolean.TRUE.equals(header.read()),
                Boolean.TRUE.equals(header.attachments()),
                header.categories(),
                MIME,
                properties);
    }

    private static @Nullable Instant modified(Map<io.mailferry.exchange.item.MapiProperty, String> properties) {
        String value = properties.get(io.mailferry.exchange.item.MapiProperty.LAST_MODIFICATION_TIME);
        if (value == null) {
            return null;
        }
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static FolderHeader of(Folder folder, @Nullable String distinguishedName) {
        FolderId parent = folder.parent();
        return new FolderHeader(
                folder.id().value(),
                emptyToNull(folder.changeKey()),
                parent == null ? null : parent.value(),
                folder.displayName(),
                folder.folderClass(),
                distinguishedName,
                false);
    }

    static FolderHeader deleted(FolderId folder) {
        return new FolderHeader(folder.value(), null, null, null, null, null, true);
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
