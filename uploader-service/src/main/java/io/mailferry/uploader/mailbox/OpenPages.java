package io.mailferry.uploader.mailbox;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentWriter;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderHead;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.PackRef;
import io.mailferry.archive.log.SegmentRef;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.part.Sha256;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.contracts.upload.UploadProgress.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the open attempt that are not recorded yet: at most one coming in, and the whole ones, whose order is
 * that in which they are recorded. Recording puts packs, then the segment, then appends the log entry.
 */
final class OpenPages {
    private static final Logger LOG = Logger.getLogger(OpenPages.class);

    private final MailboxPlace place;
    private final MailboxParts shared;
    private final PackBuild packs;
    private final List<WholePage> whole = new ArrayList<>();
    private final List<PackRef> putPacks = new ArrayList<>();
    private @Nullable PageBuild building;
    private @Nullable PageId passedOver;
    private @Nullable AttemptId attempt;
    private @Nullable Instant wholeSince;
    private long ordinal;
    private long indexBytes;

    OpenPages(MailboxPlace place, MailboxParts shared, PackBuild packs) {
        this.place = place;
        this.shared = shared;
        this.packs = packs;
    }

    /** The attempt whose parts came last; absent before any came. */
    @Nullable
    AttemptId attempt() {
        return attempt;
    }

    boolean isEmpty() {
        return building == null && whole.isEmpty();
    }

    Optional<Long> heldFrom() {
        if (!whole.isEmpty()) {
            return Optional.of(whole.getFirst().firstOffset());
        }
        return building == null ? Optional.empty() : Optional.of(building.firstOffset());
    }

    /** Not positive when a flush is due; empty when there is nothing to flush. */
    Optional<Duration> untilFlush() {
        Instant since = wholeSince;
        return since == null
                ? Optional.empty()
                : Optional.of(Duration.between(
                        shared.clock().instant(), since.plus(shared.settings().flushAfter())));
    }

    /** Takes a part of the open attempt. */
    void accept(Incoming.Readable part, LogBook log) throws IOException, InterruptedException {
        PartLabel label = part.part().label();
        PageId page = Objects.requireNonNull(label.page());
        attempt = label.attempt();
        if (page.equals(passedOver)) {
            passOver(label, log);
            return;
        }
        PageBuild current = building;
        if (current == null || !current.id().equals(page)) {
            if (current != null) {
                abandon();
            }
            if (log.state().hasPage(page) || isWhole(page)) {
                passedOver = page;
                shared.count("pages", "outcome", "repeated");
                passOver(label, log);
                return;
            }
            FolderKey folder = Objects.requireNonNull(label.folder());
            current = new PageBuild(page, folder, part.offset(), packs);
            building = current;
        }
        take(current, part, log);
    }

    private void take(PageBuild current, Incoming.Readable part, LogBook log) throws IOException, InterruptedException {
        try {
            Optional<WholePage> done = current.accept(part, ordinal++);
            shared.meters().counter("mailferry.uploader.parts").increment();
            shared.meters().counter("mailferry.uploader.bytes").increment(part.bytes());
            if (done.isPresent()) {
                building = null;
                add(done.get(), current.indexBytes(), log);
            }
        } catch (PageRefusal e) {
            refuseOpenPage(e.reason());
        }
        boolean full = packs.bytes() >= shared.settings().packBytes().asLongValue() - 1024 * 1024;
        boolean manyEntries = indexBytes >= shared.settings().indexBytesMax().asLongValue();
        boolean due = untilFlush().filter(left -> !left.isPositive()).isPresent();
        if (full || manyEntries || due) {
            flush(log);
        }
    }

    private void add(WholePage page, long entryBytes, LogBook log) throws IOException, InterruptedException {
        PageEnd end = page.page().end();
        if (!Objects.equals(end.previous(), head(log.state(), end.folder()))) {
            // Another uploader may have gone on; what it recorded is no reason to refuse.
            log.refresh();
        }
        if (log.state().hasPage(end.page())) {
            tellStored(
                    Objects.requireNonNull(attempt), List.of(page), log.state().number());
            return;
        }
        if (!Objects.equals(end.previous(), head(log.state(), end.folder()))) {
            tellRefused(end.page(), Refusal.PREDECESSOR_IS_NOT_HEAD);
            return;
        }
        whole.add(page);
        indexBytes += entryBytes;
        if (wholeSince == null) {
            wholeSince = shared.clock().instant();
        }
    }

    /** The folder's last page, counting those that are whole and not recorded. */
    private @Nullable PageId head(LogState state, FolderKey folder) {
        for (int i = whole.size() - 1; i >= 0; i--) {
            PageEnd end = whole.get(i).page().end();
            if (end.folder().equals(folder)) {
                return end.page();
            }
        }
        FolderHead head = state.heads().get(folder);
        return head == null ? null : head.head();
    }

    /** A page that the log has already, sent again after a crash: its end tells the exporter once more. */
    private void passOver(PartLabel label, LogBook log) {
        if (label.kind() == Kind.PAGE_END && label.last() && label.page() != null) {
            PageId page = label.page();
            passedOver = null;
            if (log.state().hasPage(page)) {
                shared.progress()
                        .send(new UploadProgress.PagesStored(
                                place.tenant(),
                                place.mailbox(),
                                label.attempt(),
                                List.of(page),
                                log.state().number(),
                                0,
                                0));
            }
        }
    }

    /** The page coming in cannot be recorded; what still comes of it is passed over. */
    void refuseOpenPage(Refusal reason) {
        PageBuild current = building;
        if (current != null) {
            packs.endRun();
            building = null;
            passedOver = current.id();
            tellRefused(current.id(), reason);
        }
    }

    private void tellRefused(PageId page, Refusal reason) {
        AttemptId of = Objects.requireNonNull(attempt);
        shared.count("pages", "outcome", "refused");
        LOG.warnf("Page refused: mailboxId=%s attempt=%s page=%s reason=%s", place.mailbox(), of, page, reason);
        shared.progress().send(new UploadProgress.PageRefused(place.tenant(), place.mailbox(), of, page, reason));
    }

    private void abandon() {
        packs.endRun();
        building = null;
        shared.count("pages", "outcome", "abandoned");
    }

    private boolean isWhole(PageId page) {
        return whole.stream().anyMatch(other -> other.page().end().page().equals(page));
    }

    /** Gives up what is not recorded, but not the packs: they may hold parts of it beside others. */
    void discard() {
        if (building != null) {
            abandon();
        }
        whole.clear();
        wholeSince = null;
        passedOver = null;
        indexBytes = 0;
    }

    /** Records the whole pages. */
    void flush(LogBook log) throws IOException, InterruptedException {
        if (whole.isEmpty()) {
            return;
        }
        putPacks.addAll(packs.settle());
        AttemptId of = Objects.requireNonNull(attempt);
        List<WholePage> left = recordable(log, of);
        while (!left.isEmpty()) {
            List<SegmentRef> segments = putSegment(left);
            Body body = new Body.PagesStored(
                    putPacks, segments, left.stream().map(WholePage::page).toList());
            if (log.append(of, body) instanceof Append.Appended appended) {
                putPacks.clear();
                tellStored(of, left, appended.entry().number());
                left = List.of();
            } else {
                left = recordable(log, of);
            }
        }
        whole.clear();
        wholeSince = null;
        indexBytes = 0;
    }

    /** Which of the whole pages may still be recorded, as the log stands now. */
    private List<WholePage> recordable(LogBook log, AttemptId of) {
        if (!log.isOpen(of)) {
            shared.count("parts.dropped", "reason", Refusal.ATTEMPT_CLOSED.name());
            shared.progress()
                    .send(new UploadProgress.PartsRefused(place.tenant(), place.mailbox(), of, Refusal.ATTEMPT_CLOSED));
            return List.of();
        }
        Map<FolderKey, PageId> heads = new HashMap<>();
        log.state().heads().forEach((folder, head) -> heads.put(folder, head.head()));
        List<WholePage> recordable = new ArrayList<>();
        List<WholePage> stored = new ArrayList<>();
        for (WholePage page : whole) {
            PageEnd end = page.page().end();
            if (log.state().hasPage(end.page())) {
                stored.add(page);
            } else if (Objects.equals(end.previous(), heads.get(end.folder()))) {
                heads.put(end.folder(), end.page());
                recordable.add(page);
            } else {
                tellRefused(end.page(), Refusal.PREDECESSOR_IS_NOT_HEAD);
            }
        }
        if (!stored.isEmpty()) {
            tellStored(of, stored, log.state().number());
        }
        whole.retainAll(recordable);
        return recordable;
    }

    private List<SegmentRef> putSegment(List<WholePage> left) throws IOException, InterruptedException {
        List<IndexEntry> entries =
                left.stream().flatMap(page -> page.entries().stream()).toList();
        if (entries.isEmpty()) {
            return List.of();
        }
        byte[] segment = SegmentWriter.write(entries);
        UUID id = UUID.randomUUID();
        shared.store().patiently(() -> {
            shared.store().store().put(place.segment(id), segment);
            return id;
        });
        return List.of(new SegmentRef(id, segment.length, Sha256.hex(segment), entries.size()));
    }

    private void tellStored(AttemptId of, List<WholePage> stored, long number) {
        stored.forEach(page -> shared.count("pages", "outcome", "recorded"));
        shared.progress()
                .send(new UploadProgress.PagesStored(
                        place.tenant(),
                        place.mailbox(),
                        of,
                        stored.stream().map(page -> page.page().end().page()).toList(),
                        number,
                        stored.stream().mapToLong(WholePage::items).sum(),
                        stored.stream()
                                .mapToLong(page -> page.page().sealedBytes())
                                .sum()));
    }
}
