package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.part.MarkerHeader;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.exchange.ExchangeSession;
import io.mailferry.exchange.Outcome;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.failure.FailureReach;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exchange.item.ItemChange;
import io.mailferry.exchange.item.ItemId;
import io.mailferry.exchange.item.ItemPage;
import io.mailferry.exchange.item.SyncCalls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One folder brought up to date: sync pages from the log's sync state on, each with its deletions, read flags and
 * items, then once more what could not be read in earlier runs.
 */
final class FolderRun {
    private final ExchangeSession session;
    private final MailboxId mailbox;
    private final FolderId folder;
    private final MacKey mac;
    private final FolderPages pages;
    private final ItemReading reading;
    private final ExportTurn turn;
    private final AttemptSettings settings;
    private final Map<ItemKey, SkippedItem> skipped;

    /** @param skipped what could not be read of this folder so far; changed as items turn out */
    FolderRun(
            ExchangeSession session,
            MailboxId mailbox,
            FolderId folder,
            MacKey mac,
            FolderPages pages,
            ItemReading reading,
            ExportTurn turn,
            AttemptSettings settings,
            Map<ItemKey, SkippedItem> skipped) {
        this.session = session;
        this.mailbox = mailbox;
        this.folder = folder;
        this.mac = mac;
        this.pages = pages;
        this.reading = reading;
        this.turn = turn;
        this.settings = settings;
        this.skipped = skipped;
    }

    /** What became of a folder. */
    enum Result {
        UP_TO_DATE,
        /** It went away while it was read; its items go with it at the next restore point. */
        VANISHED,
        /** The account may not read it. */
        FORBIDDEN
    }

    /**
     * @param state the sync state of the log; null to read the folder from the start
     * @param readInPart the state belongs to a reading from the start that did not come to the folder's end
     * @param known items that the log has since that state, with their change keys
     */
    Result run(@Nullable String state, boolean readInPart, Map<ItemKey, ItemId> known) {
        String from = state;
        boolean anew = state == null || readInPart;
        boolean stateRefused = false;
        int emptyPages = 0;
        if (from == null) {
            pages.beginGeneration();
        }
        Map<ItemKey, ItemId> inLog = known;
        while (true) {
            turn.check();
            switch (session.syncFolderItems(folder, from, SyncCalls.CHANGES_MAX)) {
                case Outcome.Got<ItemPage>(ItemPage page) -> {
                    if (confirmVanished(page)) {
                        pages.endPage();
                        return Result.VANISHED;
                    }
                    if (!page.last() && page.syncState().equals(from)) {
                        // The next page would be this one again; nothing of it is stored.
                        throw AttemptFailure.passing("SyncStandsStill");
                    }
                    emptyPages = page.changes().isEmpty() ? emptyPages + 1 : 0;
                    if (!page.last() && emptyPages > settings.emptyPagesMax()) {
                        throw AttemptFailure.lasting("SyncNeverEnds");
                    }
                    takePage(page, anew, inLog);
                    if (page.last()) {
                        retrySkipped();
                        return Result.UP_TO_DATE;
                    }
                    from = page.syncState();
                    inLog = Map.of();
                }
                case Outcome.Failed<ItemPage>(ExchangeFailure failure) -> {
                    if (failure.reach() == FailureReach.SYNC_STATE && from != null) {
                        if (stateRefused) {
                            // This server takes none of the states it gives. Every further try would store the
                            // folder's first page once more.
                            throw AttemptFailure.lasting("SyncStateRefused");
                        }
                        stateRefused = true;
                        turn.reaches(folderKey(), null);
                        pages.endPage();
                        pages.beginGeneration();
                        anew = true;
                        from = null;
                        continue;
                    }
                    return given(failure);
                }
            }
        }
    }

    private Result given(ExchangeFailure failure) {
        if (failure.category() == FailureCategory.PERMANENT && failure.reach() == FailureReach.FOLDER) {
            pages.endPage();
            return failure.gone() || failure.code().equals("ErrorSyncFolderNotFound")
                    ? Result.VANISHED
                    : Result.FORBIDDEN;
        }
        throw AttemptFailure.of(failure);
    }

    /** Some servers answer for a folder that is gone as if each of its items had been deleted. */
    private boolean confirmVanished(ItemPage page) {
        long deletions = page.changes().stream()
                .filter(ItemChange.Deleted.class::isInstance)
                .count();
        if (deletions < settings.deletionsToConfirm()) {
            return false;
        }
        if (!(session.folder(folder) instanceof Outcome.Failed<?>(ExchangeFailure failure))) {
            return false;
        }
        if (!failure.gone()) {
            // Not confirmed either way: the deletions are read again with the next attempt.
            throw AttemptFailure.of(failure);
        }
        return true;
    }

    private void takePage(ItemPage page, boolean anew, Map<ItemKey, ItemId> inLog) {
        if (page.changes().isEmpty() && !anew && page.last()) {
            // Nothing happened: the state that the log has stays good, and not a byte is stored.
            return;
        }
        List<ItemReading.Wanted> wanted = new ArrayList<>();
        Map<ItemKey, ItemId> unnamed = new LinkedHashMap<>(inLog);
        for (ItemChange change : newestByItem(page.changes()).values()) {
            ItemKey key = mac.item(mailbox, change.id().value());
            unnamed.remove(key);
            switch (change) {
                case ItemChange.Created created -> want(wanted, created.id(), created.size(), false, key, inLog);
                case ItemChange.Updated updated -> want(wanted, updated.id(), updated.size(), true, key, inLog);
                case ItemChange.Deleted deleted -> {
                    pages.deletion(key, new MarkerHeader(deleted.id().value(), folder.value(), null, null));
                    skipped.remove(key);
                    turn.itemDeleted();
                }
                case ItemChange.ReadFlagChanged flag -> {
                    if (!skipped.containsKey(key)) {
                        pages.readFlag(
                                key,
                                new MarkerHeader(
                                        flag.id().value(),
                                        folder.value(),
                                        flag.id().changeKey(),
                                        flag.read()));
                    }
                }
            }
        }
        deleteGone(unnamed);
        read(wanted);
        pages.endSync(page.syncState(), anew && page.last());
    }

    /**
     * An item that a broken-off attempt stored and that went away before the same sync page is read again is named by
     * Exchange no more: neither as created, nor as deleted. So what the page does not name is asked for.
     */
    private void deleteGone(Map<ItemKey, ItemId> unnamed) {
        if (unnamed.isEmpty()) {
            return;
        }
        reading.goneOf(unnamed.values()).forEach(id -> {
            ItemKey key = mac.item(mailbox, id.value());
            pages.deletion(key, new MarkerHeader(id.value(), folder.value(), null, null));
            skipped.remove(key);
            turn.itemDeleted();
        });
    }

    /** Pages may name an item twice; the last word counts, except that a flag does not hide that the item is new. */
    private static Map<String, ItemChange> newestByItem(List<ItemChange> changes) {
        Map<String, ItemChange> newest = new LinkedHashMap<>();
        for (ItemChange change : changes) {
            ItemChange before = newest.get(change.id().value());
            boolean flagOnly = change instanceof ItemChange.ReadFlagChanged
                    && (before instanceof ItemChange.Created || before instanceof ItemChange.Updated);
            boolean stillNew = change instanceof ItemChange.Updated && before instanceof ItemChange.Created;
            if (!flagOnly && !stillNew) {
                newest.put(change.id().value(), change);
            }
        }
        return newest;
    }

    private static void want(
            List<ItemReading.Wanted> wanted,
            ItemId id,
            long size,
            boolean update,
            ItemKey key,
            Map<ItemKey, ItemId> inLog) {
        ItemId stored = inLog.get(key);
        if (stored != null && !id.changeKey().isEmpty() && stored.changeKey().equals(id.changeKey())) {
            return;
        }
        wanted.add(new ItemReading.Wanted(id, key, size, update || stored != null));
    }

    private void read(List<ItemReading.Wanted> wanted) {
        reading.read(wanted, new ItemReading.Verdicts() {
            @Override
            public void stored(ItemReading.Wanted item) {
                skipped.remove(item.key());
            }

            @Override
            public void unreadable(ItemReading.Wanted item, SkipCause cause) {
                pages.skip(
                        item.key(),
                        new MarkerHeader(
                                item.id().value(), folder.value(), item.id().changeKey(), null),
                        cause);
                skipped.put(
                        item.key(), new SkippedItem(item.id().value(), item.id().changeKey(), folderKey(), cause));
            }

            @Override
            public void gone(ItemReading.Wanted item) {
                // The next sync says that it was deleted or moved.
            }
        });
    }

    private FolderKey folderKey() {
        return mac.folder(mailbox, folder.value());
    }

    /** Asks once more for what could not be read in earlier runs; what still cannot is carried on. */
    private void retrySkipped() {
        List<ItemReading.Wanted> wanted = new ArrayList<>();
        skipped.forEach((key, item) -> {
            if (item.folder().equals(folderKey()) && !reading.failedNow(key)) {
                wanted.add(new ItemReading.Wanted(new ItemId(item.itemId(), item.changeKey()), key, -1, false));
            }
        });
        if (wanted.isEmpty()) {
            return;
        }
        reading.read(wanted, new ItemReading.Verdicts() {
            @Override
            public void stored(ItemReading.Wanted item) {
                skipped.remove(item.key());
            }

            @Override
            public void unreadable(ItemReading.Wanted item, SkipCause cause) {
                skipped.put(
                        item.key(), new SkippedItem(item.id().value(), item.id().changeKey(), folderKey(), cause));
            }

            @Override
            public void gone(ItemReading.Wanted item) {
                pages.deletion(item.key(), new MarkerHeader(item.id().value(), folder.value(), null, null));
                skipped.remove(item.key());
            }
        });
        pages.endPage();
    }

    FolderWitness witness(long totalBefore, long totalAfter) {
        return pages.witness(totalBefore, totalAfter);
    }

    static List<CarriedSkip> carried(Map<ItemKey, SkippedItem> skipped) {
        return skipped.entrySet().stream()
                .map(entry -> new CarriedSkip(
                        entry.getKey(),
                        entry.getValue().folder(),
                        entry.getValue().cause().name()))
                .toList();
    }
}
