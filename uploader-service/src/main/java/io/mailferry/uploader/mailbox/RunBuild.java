package io.mailferry.uploader.mailbox;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.pack.Extent;
import io.mailferry.archive.page.SkipNote;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.part.PartRun;
import java.util.ArrayList;
import java.util.List;

/** The parts of one item or marker as they come in: their order, where they lie, and the sealed header. */
final class RunBuild {
    private final PartRun order = new PartRun();
    private final List<Extent> extents = new ArrayList<>();
    private final List<byte[]> header = new ArrayList<>();
    private int headerBytes;
    private long sealedBytes;

    void accept(Part part) throws Damaged {
        order.accept(part);
        sealedBytes += part.encodedLength();
        if (part.headerLength() > 0) {
            headerBytes += part.headerLength();
            if (headerBytes <= IndexEntry.HEADER_BYTES_MAX) {
                header.add(part.sealedHeader());
            } else {
                header.clear();
            }
        }
    }

    boolean ended() {
        return order.ended();
    }

    void add(Extent extent) {
        extents.add(extent);
    }

    /** What the index keeps in memory of it. */
    int headerBytes() {
        return header.isEmpty() ? 0 : headerBytes;
    }

    IndexEntry entry(long ordinal) throws Damaged {
        PartLabel label = order.first();
        if (label == null || label.item() == null || label.folder() == null || label.page() == null) {
            throw new Damaged(Damage.MALFORMED, "a run without item, folder or page");
        }
        String cause = label.kind() == Kind.SKIP ? SkipNote.read(label.clear()).cause() : null;
        return new IndexEntry(
                label.item(),
                label.folder(),
                label.kind(),
                ordinal,
                label.page(),
                label.contentId(),
                extents,
                header,
                order.parts(),
                sealedBytes,
                cause);
    }
}
