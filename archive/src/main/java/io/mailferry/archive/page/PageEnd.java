package io.mailferry.archive.page;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.Damaged;
import io.mailferry.contracts.id.PageId;
import org.jspecify.annotations.Nullable;

/**
 * What ends a page, in clear.
 *
 * @param previous the folder's page before this one; absent for the folder's first
 * @param parts how many parts the page has, page end excluded, void runs included
 * @param digest SHA-256 in hex over the encoded values of those parts, one after the other
 * @param items new items (content or reference); {@code updates} items sent again because they changed
 * @param syncEnd the page's sealed header bears the folder's new sync state
 * @param generation the folder's first page of a sync from empty state
 * @param generationEnd with {@code syncEnd}: since its generation began, the folder was read to its end
 */
public record PageEnd(
        PageId page,
        FolderKey folder,
        @Nullable PageId previous,
        long parts,
        String digest,
        long items,
        long updates,
        long deletions,
        long readFlags,
        long skips,
        boolean syncEnd,
        boolean generation,
        // Writers that know no such mark leave it out. Then nothing counts as deleted because it was not named.
        @JsonSetter(nulls = Nulls.AS_EMPTY) boolean generationEnd) {
    public static PageEnd read(byte[] clear) throws Damaged {
        return ArchiveJson.read(clear, PageEnd.class, "page end");
    }
}
