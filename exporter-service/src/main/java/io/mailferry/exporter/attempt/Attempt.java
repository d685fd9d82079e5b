package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.FolderState;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.AttemptWriter;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import io.mailferry.exchange.ExchangeSession;
import io.mailferry.exchange.Outcome;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exporter.transfer.Unconfirmed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One attempt that has opened: reads the folders, sends their pages, and ends with what it witnessed. */
final class Attempt {
    /** A mailbox may have these and this version reads none of them, so every restore point says so. */
    private static final Set<String> NOT_READ = Set.of(
            CoverageGap.ARCHIVE_MAILBOX.name(),
            CoverageGap.PUBLIC_FOLDERS.name(),
            CoverageGap.RECOVERABLE_ITEMS.name(),
            CoverageGap.FOLDER_ASSOCIATED_ITEMS.name());

    private final ExchangeSession session;
    private final AttemptPlace place;
    private final MailboxKeys keys;
    private final MailboxArchive archive;
    private final AttemptWatch watch;
    private final Unconfirmed sent;
    private final ExportTurn turn;
    private final AttemptSettings settings;

    Attempt(
            ExchangeSession session,
            AttemptPlace place,
            MailboxKeys keys,
            MailboxArchive archive,
            AttemptWatch watch,
            Unconfirmed sent,
            ExportTurn turn,
            AttemptSettings settings) {
        this.session = session;
        this.place = place;
        this.keys = keys;
        this.archive = archive;
        this.watch = watch;
        this.sent = sent;
        this.turn = turn;
        this.settings = settings;
    }

    /** A folder after its run. */
    private record Done(Folder folder, FolderRun run) {}

    /** @throws AttemptFailure however it fails */
    ExportFinished run(Folder root) {
        try (AttemptWriter writer = new AttemptWriter(keys.sealing(), place, settings.compressionLevel(), sent)) {
            return run(root, writer);
        } catch (UncheckedIOException e) {
            throw watch.sendingFailed();
        }
    }

    private ExportFinished run(Folder root, AttemptWriter writer) {
        FolderKey hierarchyKey = keys.mac().hierarchy(place.mailbox());
        FolderPages hierarchyPages = pages(writer, hierarchyKey);
        List<Folder> folders = new FolderHierarchy(
                        session, place.mailbox(), keys.mac(), hierarchyPages, settings.hierarchyPagesMax())
                .read(root, archive.syncState(hierarchyKey));
        turn.begins(
                archive.items(),
                folders.stream()
                        .mapToLong(folder -> Math.max(0, folder.totalCount()))
                        .sum());
        Map<ItemKey, SkippedItem> skipped = new LinkedHashMap<>(archive.skippedItems());
        List<Done> done = new ArrayList<>();
        Set<String> gaps = new TreeSet<>(NOT_READ);
        for (Folder folder : folders) {
            FolderKey key = keys.mac().folder(place.mailbox(), folder.id().value());
            FolderRun run = folderRun(writer, folder, key, skipped);
            turn.reaches(key, archive.syncPage(key));
            switch (run.run(archive.syncState(key), archive.isReadAnewInPart(key), archive.itemsSinceSyncState(key))) {
                case UP_TO_DATE -> done.add(new Done(folder, run));
                case FORBIDDEN -> {
                    // Named in the witness all the same: what the log has of it is not gone.
                    done.add(new Done(unread(folder), run));
                    gaps.add(CoverageGap.FOLDER_FORBIDDEN.name());
                    turn.gap(CoverageGap.FOLDER_FORBIDDEN);
                }
                case VANISHED -> skipped.values().removeIf(item -> item.folder().equals(key));
            }
        }
        turn.reachesEnd();
        List<FolderWitness> witnesses = witnesses(done);
        witnesses.add(hierarchyPages.witness(-1, -1));
        keepSkipsOf(witnesses, skipped);
        // The uploader stores what is still open when the end arrives, and refuses the end if a page was refused.
        end(witnesses, List.copyOf(gaps), FolderRun.carried(skipped));
        return finished(watch.awaitRestorePoint());
    }

    private FolderPages pages(AttemptWriter writer, FolderKey key) {
        return new FolderPages(writer, sent::pageEnded, key, archive.head(key), settings.pageBytesMax());
    }

    private FolderRun folderRun(AttemptWriter writer, Folder folder, FolderKey key, Map<ItemKey, SkippedItem> skipped) {
        FolderPages pages = pages(writer, key);
        ItemReading reading = new ItemReading(session, folder.id(), pages, watch, turn, settings);
        return new FolderRun(
                session, place.mailbox(), folder.id(), keys.mac(), pages, reading, turn, settings, skipped);
    }

    private static Folder unread(Folder folder) {
        return new Folder(
                folder.id(), folder.changeKey(), folder.parent(), folder.displayName(), folder.folderClass(), -1);
    }

    /** Exchange's counts once more, after everything was read: the third witness. */
    private List<FolderWitness> witnesses(List<Done> done) {
        List<FolderId> ids = done.stream().map(folder -> folder.folder().id()).toList();
        Map<FolderId, Folder> after = switch (session.folders(ids)) {
            case Outcome.Got<Map<FolderId, Folder>>(Map<FolderId, Folder> got) -> got;
            case Outcome.Failed<Map<FolderId, Folder>>(ExchangeFailure failure) -> throw AttemptFailure.of(failure);
        };
        List<FolderWitness> witnesses = new ArrayList<>();
        for (Done one : done) {
            Folder folder = one.folder();
            Folder now = after.get(folder.id());
            long before = folder.totalCount();
            witnesses.add(one.run().witness(before, now == null || before < 0 ? before : now.totalCount()));
        }
        return witnesses;
    }

    /** An item of a folder that is no longer there cannot be asked for again. */
    private static void keepSkipsOf(List<FolderWitness> witnesses, Map<ItemKey, SkippedItem> skipped) {
        List<FolderKey> folders = witnesses.stream().map(FolderWitness::folder).toList();
        skipped.values().removeIf(item -> !folders.contains(item.folder()));
    }

    private void end(List<FolderWitness> witnesses, List<String> gaps, List<CarriedSkip> skips) {
        AttemptEnd end = AttemptEnd.signed(keys.mac(), place, witnesses, gaps, skips);
        try {
            for (byte[] part : end.parts(place)) {
                sent.send(part);
            }
        } catch (IOException e) {
            throw watch.sendingFailed();
        }
    }

    private static ExportFinished finished(LogEntry entry) {
        if (!(entry.body() instanceof Body.RestorePointRecorded point)) {
            throw AttemptFailure.lasting("NotARestorePoint");
        }
        Map<SkipCause, Long> skipped = new EnumMap<>(SkipCause.class);
        point.skipped().forEach(skip -> skipped.merge(SkipCauses.of(skip.cause()), 1L, Long::sum));
        return new ExportFinished(
                point.id(),
                point.folders().stream().mapToLong(FolderState::live).sum(),
                skipped,
                point.folders().stream().mapToLong(FolderState::sealedBytes).sum(),
                point.complete());
    }
}
