package io.mailferry.exporter.attempt;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentWriter;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderHead;
import io.mailferry.archive.log.FolderState;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.log.SegmentRef;
import io.mailferry.archive.log.StoredPage;
import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.page.SkipNote;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.contracts.id.RestorePointId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An uploader for one mailbox. Stores pages as the log wants them, at once and one by one. It keeps no packs: who only
 * writes never reads one. Its restore points count by what the pages say.
 */
final class TestingMailbox {
    private final ObjectStore store;
    private final MailboxPlace place;
    private final AtomicInteger pagesToRefuse;
    private final MailboxLog log;
    private final List<Part> run = new ArrayList<>();
    private final List<IndexEntry> entries = new ArrayList<>();
    private LogState state;
    private long ordinal;
    private long parts;

    /** @param pagesToRefuse so many of the next pages are not stored; their attempts are closed instead */
    TestingMailbox(ObjectStore store, MailboxPlace place, AtomicInteger pagesToRefuse) {
        this.store = store;
        this.place = place;
        this.pagesToRefuse = pagesToRefuse;
        this.log = new MailboxLog(store, place, UUID.randomUUID(), Clock.systemUTC());
    }

    void take(Part part) throws IOException {
        PartLabel label = part.label();
        boolean open = state != null
                && state.openAttempt().filter(label.attempt()::equals).isPresent();
        if (label.kind() != Kind.BEGIN && !open) {
            return;
        }
        if (label.number() == 0) {
            run.clear();
        }
        run.add(part);
        parts += label.kind().indexed() ? 1 : 0;
        if (!label.last()) {
            return;
        }
        switch (label.kind()) {
            case BEGIN -> begin(label);
            case PAGE_END -> endPage(label);
            case END -> end(label);
            case FOLDER, CONTENT, REFERENCE, DELETION, READ_FLAG, SKIP -> entries.add(entry(label));
        }
        run.clear();
    }

    private void begin(PartLabel label) throws IOException {
        AttemptBegin.OfferedKeys keys = AttemptBegin.read(clear()).keys();
        if (keys != null && keys.mac() != null) {
            store.putIfAbsent(place.macKey(), keys.mac());
        }
        if (keys != null && keys.sealing() != null) {
            store.putIfAbsent(place.sealingKey(), keys.sealing());
        }
        state = log.read();
        append(label, new Body.AttemptOpened(state.openAttempt().stream().toList()));
        forgetPage();
    }

    private void endPage(PartLabel label) throws IOException {
        PageEnd end = PageEnd.read(clear());
        FolderHead head = state.heads().get(end.folder());
        boolean follows = Objects.equals(end.previous(), head == null ? null : head.head());
        if (!follows || end.parts() != parts) {
            throw new IllegalStateException("a page that does not follow its folder's head, or lacks parts");
        }
        if (pagesToRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            append(label, new Body.AttemptClosed());
            forgetPage();
            return;
        }
        byte[] segment = SegmentWriter.write(entries);
        UUID id = UUID.randomUUID();
        store.put(place.segment(id), segment);
        List<byte[]> syncState =
                end.syncEnd() ? run.stream().map(Part::sealedHeader).toList() : null;
        append(
                label,
                new Body.PagesStored(
                        List.of(),
                        List.of(new SegmentRef(id, segment.length, sha256(segment), entries.size())),
                        List.of(new StoredPage(end, 1, syncState))));
        forgetPage();
    }

    private void end(PartLabel label) throws IOException {
        AttemptEnd end = AttemptEnd.read(clear());
        Map<FolderKey, Long> live = new HashMap<>();
        log.read(entry -> {
            if (entry.body() instanceof Body.PagesStored stored) {
                stored.pages()
                        .forEach(page -> live.merge(
                                page.end().folder(),
                                page.end().items() - page.end().deletions(),
                                Long::sum));
            }
        });
        List<FolderState> folders = end.folders().stream()
                .map(folder -> new FolderState(
                        folder.folder(),
                        live.getOrDefault(folder.folder(), 0L),
                        0,
                        0,
                        folder.totalBefore(),
                        folder.totalAfter(),
                        0))
                .toList();
        append(
                label,
                new Body.RestorePointRecorded(
                        RestorePointId.random(), folders, end.carriedSkips(), end.gaps(), true, List.of(), end));
    }

    private IndexEntry entry(PartLabel label) throws IOException {
        return new IndexEntry(
                item(label),
                Objects.requireNonNull(label.folder()),
                label.kind(),
                ordinal++,
                Objects.requireNonNull(label.page()),
                label.contentId(),
                List.of(),
                run.stream()
                        .map(Part::sealedHeader)
                        .filter(chunk -> chunk.length > 0)
                        .toList(),
                run.size(),
                1,
                label.kind() == Kind.SKIP ? SkipNote.read(clear()).cause() : null);
    }

    private ItemKey item(PartLabel label) {
        return Objects.requireNonNull(label.item());
    }

    private byte[] clear() {
        ByteArrayOutputStream clear = new ByteArrayOutputStream();
        run.forEach(part -> clear.writeBytes(part.label().clear()));
        return clear.toByteArray();
    }

    private void append(PartLabel label, Body body) throws IOException {
        if (!(log.append(state, label.attempt(), body) instanceof Append.Appended)) {
            throw new IllegalStateException("another writer");
        }
    }

    private void forgetPage() {
        entries.clear();
        parts = 0;
        ordinal = 0;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
