package io.mailferry.archive.index;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.part.ContentId;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an item, or what happened to it, lies.
 *
 * @param item the item, or the described folder
 * @param folder the folder the page belongs to
 * @param kind one that is {@link Kind#indexed()}
 * @param ordinal rises within a log entry; the order of events is (log number, ordinal)
 * @param extents where the parts lie, in order
 * @param header the sealed header's chunks; empty when larger than {@link #HEADER_BYTES_MAX} and only in the pack
 * @param parts in the run
 * @param sealedBytes of the encoded parts
 * @param cause of a skip, a word
 */
public record IndexEntry(
        ItemKey item,
        FolderKey folder,
        Kind kind,
        long ordinal,
        PageId page,
        @Nullable ContentId contentId,
        List<Extent> extents,
        List<byte[]> header,
        int parts,
        long sealedBytes,
        @Nullable String cause) {
    /** Larger sealed headers are left in the pack. */
    public static final int HEADER_BYTES_MAX = 64 * 1024;

    public IndexEntry {
        extents = List.copyOf(extents);
        header = List.copyOf(header);
    }
}
