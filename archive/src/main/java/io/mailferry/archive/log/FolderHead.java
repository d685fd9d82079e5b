package io.mailferry.archive.log;

import io.mailferry.contracts.id.PageId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a folder stands in the log.
 *
 * @param head its last page
 * @param syncPage the last page that ended a sync page, and {@code syncState} that page's sealed chunks; absent if none
 *     did
 */
public record FolderHead(
        PageId head, @Nullable PageId syncPage, @Nullable List<byte[]> syncState) {}
