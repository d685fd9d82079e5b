package io.mailferry.archive.log;

import io.mailferry.archive.page.PageEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page that is stored.
 *
 * @param sealedBytes of its encoded parts
 * @param syncState the sealed chunks of the page end's header, if it ends a sync page
 */
public record StoredPage(
        PageEnd end, long sealedBytes, @Nullable List<byte[]> syncState) {
    public StoredPage {
        syncState = syncState == null ? null : List.copyOf(syncState);
    }
}
