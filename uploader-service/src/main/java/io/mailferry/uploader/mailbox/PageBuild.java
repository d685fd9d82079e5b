package io.mailferry.uploader.mailbox;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.log.StoredPage;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.part.PartRun;
import io.mailferry.archive.part.Sha256;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.upload.UploadProgress.Refusal;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page coming in. Takes its parts into the pack and, at its end, compares what came with what the exporter says it
 * sent. A run that another one follows before its last part is void: its parts count, but nothing points at them.
 */
final class PageBuild {
    private final PageId id;
    private final FolderKey folder;
    private final long firstOffset;
    private final PackBuild packs;
    private final MessageDigest digest = Sha256.digest();
    private final PartRun ending = new PartRun();
    private final List<byte[]> endHeader = new ArrayList<>();
    private final List<IndexEntry> entries = new ArrayList<>();
    private @Nullable RunBuild run;
    private long parts;
    private long sealedBytes;
    private long indexBytes;
    private long contents;
    private long deletions;
    private long readFlags;
    private long skips;

    PageBuild(PageId id, FolderKey folder, long firstOffset, PackBuild packs) {
        this.id = id;
        this.folder = folder;
        this.firstOffset = firstOffset;
        this.packs = packs;
    }

    PageId id() {
        return id;
    }

    long firstOffset() {
        return firstOffset;
    }

    /** Heap that its index entries take. */
    long indexBytes() {
        return indexBytes;
    }

    /**
     * Takes a part.
     *
     * @param ordinal for the index entry that may come of it
     * @return the page, when this was its last part
     * @throws PageRefusal when it can no longer become a page
     */
    Optional<WholePage> accept(Incoming.Readable incoming, long ordinal)
            throws PageRefusal, IOException, InterruptedException {
        Part part = incoming.part();
        if (!folder.equals(part.label().folder())) {
            throw new PageRefusal(Refusal.PAGE_INCOMPLETE);
        }
        sealedBytes += incoming.bytes();
        try {
            if (part.label().kind() == Kind.PAGE_END) {
                return end(part);
            }
            digest.update(incoming.value());
            parts++;
            content(part, ordinal);
            return Optional.empty();
        } catch (Damaged e) {
            throw new PageRefusal(Refusal.PAGE_INCOMPLETE);
        }
    }

    private void content(Part part, long ordinal) throws IOException, InterruptedException {
        PartLabel label = part.label();
        RunBuild current = run;
        if (current == null || label.number() == 0) {
            packs.endRun();
            current = new RunBuild();
            run = current;
        }
        current.accept(part);
        packs.append(part, current);
        if (current.ended()) {
            packs.endRun();
            entries.add(current.entry(ordinal));
            indexBytes += 300 + current.headerBytes();
            count(label.kind());
            run = null;
        }
    }

    private void count(Kind kind) {
        switch (kind) {
            case CONTENT, REFERENCE -> contents++;
            case DELETION -> deletions++;
            case READ_FLAG -> readFlags++;
            case SKIP -> skips++;
            case FOLDER, BEGIN, PAGE_END, END -> {
                // Folders are described, not counted; the others never come here.
            }
        }
    }

    private Optional<WholePage> end(Part part) throws PageRefusal, Damaged {
        packs.endRun();
        run = null;
        ending.accept(part);
        endHeader.add(part.sealedHeader());
        if (!ending.ended()) {
            return Optional.empty();
        }
        PageEnd end = PageEnd.read(part.label().clear());
        if (!id.equals(end.page()) || !folder.equals(end.folder()) || end.parts() != parts) {
            throw new PageRefusal(Refusal.PAGE_INCOMPLETE);
        }
        if (!Sha256.hex(digest).equals(end.digest())) {
            throw new PageRefusal(Refusal.DIGEST_MISMATCH);
        }
        boolean counted = end.items() + end.updates() == contents
                && end.deletions() == deletions
                && end.readFlags() == readFlags
                && end.skips() == skips;
        if (!counted) {
            throw new PageRefusal(Refusal.PAGE_INCOMPLETE);
        }
        StoredPage stored = new StoredPage(end, sealedBytes, end.syncEnd() ? endHeader : null);
        return Optional.of(new WholePage(stored, entries, firstOffset));
    }
}
