package io.mailferry.uploader.mailbox;

import io.mailferry.archive.log.Append;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderHead;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.PartLabel;
import io.mailferry.archive.part.PartRun;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.contracts.upload.UploadProgress.Refusal;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.uploader.bucket.StoreGaveUp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Handles one mailbox's parts, one after the other.
 *
 * <pre>
 *   parts of the open attempt ---> page ---> whole pages ---> recorded
 *                                    |
 *                                    +---> refused: the exporter starts again from the log
 *   parts of any other attempt ---> dropped
 * </pre>
 *
 * Nothing here is needed after a crash: every decision is made from the log, and what was not recorded comes again.
 */
final class MailboxWork {
    private static final Logger LOG = Logger.getLogger(MailboxWork.class);

    private static final int DEAD_LETTER_TRIES = 6;

    private final MailboxPlace place;
    private final MailboxParts shared;
    private final PackBuild packs;
    private final OpenPages pages;
    private final Set<AttemptId> refused = new HashSet<>();
    private final Set<AttemptId> toldDropped = new HashSet<>();
    private @Nullable LogBook book;
    private PartRun unpaged = new PartRun();
    private ByteArrayOutputStream unpagedClear = new ByteArrayOutputStream();
    private @Nullable Long unpagedFrom;
    private Instant lastPart;

    MailboxWork(MailboxPlace place, MailboxParts shared) {
        this.place = place;
        this.shared = shared;
        this.packs = shared.packs(place);
        this.pages = new OpenPages(place, shared, packs);
        this.lastPart = shared.clock().instant();
    }

    /** The lowest offset that may not be committed yet; empty if everything handled is settled. */
    Optional<Long> heldFrom() {
        Long begun = unpagedFrom;
        Optional<Long> paged = pages.heldFrom();
        if (begun == null) {
            return paged;
        }
        return Optional.of(Math.min(begun, paged.orElse(begun)));
    }

    /** Whether what is held waits for further parts, and not for the time at which it is recorded. */
    boolean awaitsParts() {
        return pages.untilFlush().isEmpty() && heldFrom().isPresent();
    }

    boolean refusedAny() {
        return !refused.isEmpty();
    }

    /** How long until {@link #tick} has something to do. */
    Duration untilTick() {
        return pages.untilFlush().orElse(Duration.ofSeconds(1));
    }

    /** Handles a record. Returns when nothing more can be done with it for now. */
    void handle(Incoming incoming) throws InterruptedException {
        lastPart = shared.clock().instant();
        switch (incoming) {
            case Incoming.Readable readable -> guarded(readable.part().label().attempt(), () -> handle(readable));
            case Incoming.Unreadable unreadable -> {
                setAside(unreadable);
                pages.refuseOpenPage(Refusal.PART_UNREADABLE);
            }
        }
    }

    /** Does what is due without a further part. */
    void tick() throws InterruptedException {
        if (unpagedFrom != null && silent()) {
            forgetUnpaged();
        }
        AttemptId attempt = pages.attempt();
        if (attempt == null) {
            return;
        }
        guarded(attempt, () -> {
            if (pages.untilFlush().filter(left -> !left.isPositive()).isPresent()) {
                pages.flush(openBook(attempt));
            }
            if (shared.scratch().scarce()) {
                packs.roll();
            }
            if (!pages.isEmpty() && silent()) {
                closeSilent(attempt);
            }
        });
    }

    private boolean silent() {
        Duration since = Duration.between(lastPart, shared.clock().instant());
        return since.compareTo(shared.settings().silence()) > 0;
    }

    /** Records what is whole, before the process stops or the partition goes elsewhere. */
    void flush() throws InterruptedException {
        AttemptId attempt = pages.attempt();
        // Looked at first: whoever ends a resting lane waits for it, and opening the log asks a bucket that may fail.
        if (attempt != null && !pages.isEmpty()) {
            guarded(attempt, () -> pages.flush(openBook(attempt)));
        }
    }

    /** Frees scratch; the log knows nothing of what is given up, and it comes again. */
    void discard() {
        pages.discard();
        packs.discard();
    }

    private void handle(Incoming.Readable readable) throws IOException, InterruptedException {
        PartLabel label = readable.part().label();
        if (label.kind() == Kind.BEGIN || label.kind() == Kind.END) {
            unpaged(readable);
            return;
        }
        // Looked at first, so that a failing store is not asked again for each of a refused attempt's parts.
        if (refused.contains(label.attempt())) {
            drop(label.attempt(), Refusal.STORE_UNAVAILABLE);
            return;
        }
        LogBook log = openBook(label.attempt());
        if (!log.isOpen(label.attempt())) {
            drop(label.attempt(), Refusal.ATTEMPT_CLOSED);
            return;
        }
        pages.accept(readable, log);
    }

    /** Begin and end may come in several parts; their JSON is put together first, and none is settled before the last. */
    private void unpaged(Incoming.Readable readable) throws IOException, InterruptedException {
        PartLabel label = readable.part().label();
        if (label.number() == 0) {
            forgetUnpaged();
            unpagedFrom = readable.offset();
        }
        try {
            unpaged.accept(readable.part());
        } catch (Damaged e) {
            forgetUnpaged();
            drop(label.attempt(), Refusal.PART_UNREADABLE);
            return;
        }
        unpagedClear.write(label.clear());
        if (!unpaged.ended()) {
            return;
        }
        byte[] clear = unpagedClear.toByteArray();
        forgetUnpaged();
        try {
            if (label.kind() == Kind.BEGIN) {
                begin(label.attempt(), AttemptBegin.read(clear));
            } else {
                end(label.attempt(), AttemptEnd.read(clear));
            }
        } catch (Damaged e) {
            LOG.warnf("Attempt's %s refused: mailboxId=%s attempt=%s", label.kind(), place.mailbox(), label.attempt());
            drop(label.attempt(), Refusal.PART_UNREADABLE);
        }
    }

    private void forgetUnpaged() {
        unpaged = new PartRun();
        unpagedClear = new ByteArrayOutputStream();
        unpagedFrom = null;
    }

    private void begin(AttemptId attempt, AttemptBegin begin) throws IOException, InterruptedException {
        LogBook log = openBook(attempt);
        pages.flush(log);
        discard();
        KeyObjects.putMissing(place, shared.store(), begin);
        long number = log.state().number();
        while (!log.isOpen(attempt)) {
            if (log.trace(attempt).isClosed()) {
                drop(attempt, Refusal.ATTEMPT_CLOSED);
                return;
            }
            Body opened =
                    new Body.AttemptOpened(log.state().openAttempt().stream().toList());
            if (log.append(attempt, opened) instanceof Append.Appended appended) {
                number = appended.entry().number();
            }
        }
        LOG.infof("Attempt opened: mailboxId=%s attempt=%s", place.mailbox(), attempt);
        shared.progress().send(new UploadProgress.AttemptOpened(place.tenant(), place.mailbox(), attempt, number));
    }

    private void end(AttemptId attempt, AttemptEnd end) throws IOException, InterruptedException {
        if (refused.contains(attempt)) {
            drop(attempt, Refusal.STORE_UNAVAILABLE);
            return;
        }
        LogBook log = openBook(attempt);
        if (log.isOpen(attempt)) {
            pages.flush(log);
            discard();
            if (!endsAtHeads(end, log.state())) {
                // A page of it was lost or refused. What was recorded stays; the exporter goes on from there.
                drop(attempt, Refusal.PAGE_INCOMPLETE);
                return;
            }
        }
        RestorePoints points = new RestorePoints(place, shared);
        while (log.trace(attempt).restorePoint().isEmpty()) {
            if (!log.isOpen(attempt)) {
                drop(attempt, Refusal.ATTEMPT_CLOSED);
                return;
            }
            points.record(log, attempt, end);
        }
        points.tell(log.trace(attempt).restorePoint().orElseThrow());
    }

    private static boolean endsAtHeads(AttemptEnd end, LogState state) {
        return end.folders().stream().allMatch(seen -> {
            FolderHead head = state.heads().get(seen.folder());
            return Objects.equals(seen.head(), head == null ? null : head.head());
        });
    }

    private void closeSilent(AttemptId attempt) throws IOException, InterruptedException {
        LOG.warnf("Attempt silent, closed: mailboxId=%s attempt=%s", place.mailbox(), attempt);
        LogBook log = openBook(attempt);
        discard();
        while (log.isOpen(attempt)) {
            Append outcome = log.append(attempt, new Body.AttemptClosed());
            shared.count("silent", "outcome", outcome.getClass().getSimpleName());
        }
        tell(attempt, Refusal.ATTEMPT_CLOSED);
    }

    private void drop(AttemptId attempt, Refusal reason) {
        shared.count("parts.dropped", "reason", reason.name());
        if (toldDropped.add(attempt)) {
            LOG.infof("Parts dropped: mailboxId=%s attempt=%s reason=%s", place.mailbox(), attempt, reason);
            tell(attempt, reason);
        }
    }

    private void tell(AttemptId attempt, Refusal reason) {
        shared.progress().send(new UploadProgress.PartsRefused(place.tenant(), place.mailbox(), attempt, reason));
    }

    private LogBook openBook(AttemptId attempt) throws IOException, InterruptedException {
        LogBook log = book;
        if (log == null) {
            MailboxLog mailboxLog = new MailboxLog(shared.store().store(), place, shared.writer(), shared.clock());
            log = LogBook.open(mailboxLog, shared.store(), shared.meters(), attempt);
            book = log;
        }
        return log;
    }

    /** Whatever goes wrong costs this mailbox's attempt and nothing else; the exporter tries again from the log. */
    private void guarded(AttemptId attempt, Work work) throws InterruptedException {
        try {
            work.run();
        } catch (StoreGaveUp e) {
            LOG.errorf(
                    "Attempt refused, bucket fails: mailboxId=%s attempt=%s cause=%s",
                    place.mailbox(), attempt, e.word());
            refuse(attempt);
        } catch (Damaged e) {
            LOG.errorf(
                    "Attempt refused, log damaged: tenant=%s mailboxId=%s cause=%s",
                    place.tenant(), place.mailbox(), e.getMessage());
            refuse(attempt);
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "Attempt refused: mailboxId=%s attempt=%s", place.mailbox(), attempt);
            refuse(attempt);
        }
    }

    private void refuse(AttemptId attempt) {
        shared.count("attempts.refused", "reason", Refusal.STORE_UNAVAILABLE.name());
        refused.add(attempt);
        toldDropped.add(attempt);
        discard();
        book = null;
        tell(attempt, Refusal.STORE_UNAVAILABLE);
    }

    private void setAside(Incoming.Unreadable unreadable) throws InterruptedException {
        shared.count("parts.dropped", "reason", Refusal.PART_UNREADABLE.name());
        Duration pause = Duration.ofMillis(100);
        for (int attempt = 1; ; attempt++) {
            try {
                shared.deadLetters().send(unreadable.received(), Decoded.Reason.BODY_UNREADABLE);
                return;
            } catch (IllegalStateException e) {
                if (attempt == DEAD_LETTER_TRIES) {
                    LOG.errorf("Dead letter not written: mailboxId=%s offset=%d", place.mailbox(), unreadable.offset());
                    return;
                }
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2);
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
