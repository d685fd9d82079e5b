package io.mailferry.archive.restorepoint;

import static io.mailferry.archive.restorepoint.Histories.folder;
import static io.mailferry.archive.restorepoint.Histories.item;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.log.Generations;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Kind;
import io.mailferry.contracts.id.PageId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One item's story at a time: each test writes what log entries said and looks from a restore point. */
class FoldTest {
    private static final ItemKey ITEM = item(1);
    private static final FolderKey INBOX = folder(1);
    private static final FolderKey SENT = folder(2);

    private final List<Version> versions = new ArrayList<>();
    private final Generations generations = new Generations();
    private long ordinal;

    @Test
    void showsTheNewestContent() throws IOException {
        entry(2, Kind.CONTENT);
        entry(3, Kind.CONTENT);
        assertThat(live(point(5, 4)).version().logNumber()).isEqualTo(3);
    }

    @Test
    void ordersVersionsOfOneEntryByOrdinal() throws IOException {
        entry(2, Kind.CONTENT);
        entry(2, Kind.CONTENT);
        assertThat(live(point(3, 0)).version().entry().ordinal()).isEqualTo(1);
    }

    @Test
    void ignoresWhatCameAfterTheRestorePoint() throws IOException {
        entry(2, Kind.CONTENT);
        entry(7, Kind.CONTENT);
        entry(8, Kind.DELETION);
        assertThat(live(point(5, 0)).version().logNumber()).isEqualTo(2);
    }

    @Test
    void knowsNothingOfItemsThatCameLater() throws IOException {
        entry(7, Kind.CONTENT);
        assertThat(fold(point(5, 0))).isEmpty();
    }

    @Test
    void keepsADeletedItemUntilTheNextRestorePoint() throws IOException {
        entry(2, Kind.CONTENT);
        entry(5, Kind.DELETION);
        assertThat(live(point(6, 3)).pendingDeletion()).isTrue();
        assertThat(fold(point(8, 6))).isEmpty();
    }

    @Test
    void keepsADeletedItemAtTheFirstRestorePoint() throws IOException {
        entry(2, Kind.CONTENT);
        entry(3, Kind.DELETION);
        assertThat(live(point(4, 0)).pendingDeletion()).isTrue();
    }

    @Test
    void isNotDelayedByADeletionThatIsToldAgain() throws IOException {
        entry(2, Kind.CONTENT);
        entry(5, Kind.DELETION);
        entry(8, Kind.DELETION);
        assertThat(fold(point(9, 7))).isEmpty();
    }

    @Test
    void showsAnItemThatCameBack() throws IOException {
        entry(2, Kind.CONTENT);
        entry(4, Kind.DELETION);
        entry(6, Kind.CONTENT);
        ItemAtPoint.Live live = live(point(9, 8));
        assertThat(live.version().logNumber()).isEqualTo(6);
        assertThat(live.pendingDeletion()).isFalse();
    }

    @Test
    void forgetsADeletionOfWhatItNeverHad() throws IOException {
        entry(2, Kind.DELETION);
        assertThat(fold(point(3, 0))).isEmpty();
    }

    @Test
    void listsASkippedItem() throws IOException {
        entry(2, Kind.SKIP);
        assertThat(fold(point(3, 0)))
                .singleElement()
                .isInstanceOfSatisfying(
                        ItemAtPoint.OnlySkipped.class,
                        skipped -> assertThat(skipped.version().entry().cause()).isEqualTo("ITEM_CORRUPT"));
    }

    @Test
    void keepsOlderContentOfASkippedItem() throws IOException {
        entry(2, Kind.CONTENT);
        entry(4, Kind.SKIP);
        ItemAtPoint.Live live = live(point(5, 3));
        assertThat(live.version().logNumber()).isEqualTo(2);
        assertThat(live.skip()).isPresent();
    }

    @Test
    void forgetsASkipOnceTheItemWasRead() throws IOException {
        entry(2, Kind.SKIP);
        entry(4, Kind.CONTENT);
        assertThat(live(point(5, 3)).skip()).isEmpty();
    }

    @Test
    void forgetsASkippedItemThatWasDeleted() throws IOException {
        entry(2, Kind.SKIP);
        entry(4, Kind.DELETION);
        assertThat(fold(point(5, 3))).isEmpty();
    }

    @Test
    void knowsByASkipThatADeletedItemIsThereAgain() throws IOException {
        entry(2, Kind.CONTENT);
        entry(4, Kind.DELETION);
        entry(6, Kind.SKIP);
        assertThat(live(point(9, 8)).pendingDeletion()).isFalse();
    }

    @Test
    void changesOnlyTheStateByAReadFlag() throws IOException {
        entry(2, Kind.CONTENT);
        entry(4, Kind.READ_FLAG);
        ItemAtPoint.Live live = live(point(5, 3));
        assertThat(live.version().logNumber()).isEqualTo(2);
        assertThat(live.readFlag()).isPresent();
    }

    @Test
    void takesTheReadStateOfNewerContent() throws IOException {
        entry(2, Kind.CONTENT);
        entry(3, Kind.READ_FLAG);
        entry(4, Kind.CONTENT);
        assertThat(live(point(5, 0)).readFlag()).isEmpty();
    }

    @Test
    void makesNoItemOfAReadFlag() throws IOException {
        entry(2, Kind.READ_FLAG);
        assertThat(fold(point(3, 0))).isEmpty();
    }

    @Test
    void showsAReferenceLikeContent() throws IOException {
        entry(2, Kind.REFERENCE);
        assertThat(live(point(3, 0)).version().entry().kind()).isEqualTo(Kind.REFERENCE);
    }

    @Test
    void deletesWhatAFolderReadAnewDoesNotName() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true);
        assertThat(live(point(6, 3)).pendingDeletion()).isTrue();
        assertThat(fold(point(8, 6))).isEmpty();
        assertThat(live(point(4, 3)).pendingDeletion())
                .as("seen from before the folder was read anew")
                .isFalse();
    }

    @Test
    void keepsWhatAFolderReadAnewNamesAgain() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        entry(5, Kind.CONTENT);
        page(5, 1, true, true);
        assertThat(live(point(8, 6)).pendingDeletion()).isFalse();
    }

    @Test
    void keepsWhatABrokenOffSyncHadStoredBeforeItWasBegunAnew() throws IOException {
        page(1, 9, true, true);
        entry(2, Kind.CONTENT);
        page(2, 0, true, false);
        page(4, 9, true, true);
        assertThat(live(point(8, 6)).pendingDeletion()).isFalse();
    }

    @Test
    void keepsWhatAReadingAnewHasNotComeTo() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true, false);
        assertThat(live(point(6, 3)).pendingDeletion()).isFalse();
        assertThat(live(point(8, 6)).pendingDeletion()).isFalse();
        assertThat(live(point(10, 8)).pendingDeletion()).isFalse();
    }

    @Test
    void takesItemsAlongWithAFolderThatWentAwayBeforeItWasReadAnewToItsEnd() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true, false);
        PointInTime hidden = new PointInTime(6, 3, Set.of(INBOX, SENT), Set.of(INBOX, SENT), true, generations);
        PointInTime gone = new PointInTime(8, 6, Set.of(SENT), Set.of(SENT, INBOX), false, generations);
        PointInTime goneBefore = new PointInTime(10, 8, Set.of(SENT), Set.of(SENT), false, generations);
        assertThat(live(hidden).pendingDeletion()).isFalse();
        assertThat(live(gone).pendingDeletion()).isTrue();
        assertThat(fold(goneBefore)).isEmpty();
    }

    @Test
    void deletesByAReadingAnewFromTheEntryInWhichItEnded() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true, false);
        page(7, 8, false, true, true);
        assertThat(live(point(6, 3)).pendingDeletion()).isFalse();
        assertThat(live(point(8, 6)).pendingDeletion()).isTrue();
        assertThat(fold(point(10, 8))).isEmpty();
    }

    @Test
    void keepsWhatAReadingAnewNamedInAnEarlierAttempt() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        entry(5, Kind.CONTENT);
        page(5, 1, true, true, false);
        page(7, 8, false, true, true);
        assertThat(live(point(10, 8)).pendingDeletion()).isFalse();
    }

    @Test
    void deletesWhatAFolderReadAnewDoesNotNameAlsoWhileAnotherIsForbidden() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true);
        PointInTime hidden = new PointInTime(6, 3, Set.of(INBOX, SENT), Set.of(INBOX, SENT), true, generations);
        PointInTime hiddenStill = new PointInTime(8, 6, Set.of(INBOX, SENT), Set.of(INBOX, SENT), true, generations);
        assertThat(live(hidden).pendingDeletion()).isTrue();
        assertThat(fold(hiddenStill)).isEmpty();
    }

    @Test
    void countsALaterDeletionOfAnItemThatASkipBroughtBack() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true);
        entry(8, Kind.SKIP);
        page(8, 1, false, true, false);
        entry(10, Kind.DELETION);
        page(10, 2, false, true, false);
        assertThat(live(point(11, 9)).pendingDeletion()).isTrue();
        assertThat(fold(point(13, 11))).isEmpty();
    }

    @Test
    void isNotBroughtBackByAFolderReadAnewAgain() throws IOException {
        entry(2, Kind.CONTENT);
        page(2, 0, true, true);
        page(5, 8, true, true);
        page(9, 8, true, true);
        assertThat(fold(point(10, 7))).isEmpty();
    }

    @Test
    void forgetsASkippedItemThatAFolderReadAnewDoesNotName() throws IOException {
        entry(2, Kind.SKIP);
        page(2, 0, true, true);
        page(5, 8, true, true);
        assertThat(fold(point(6, 3))).isEmpty();
    }

    @Test
    void takesItemsAlongWithTheirFolderOneRestorePointLater() throws IOException {
        entry(2, Kind.CONTENT);
        PointInTime gone = new PointInTime(6, 3, Set.of(SENT), Set.of(SENT, INBOX), false, generations);
        PointInTime goneBefore = new PointInTime(9, 6, Set.of(SENT), Set.of(SENT), false, generations);
        assertThat(live(gone).pendingDeletion()).isTrue();
        assertThat(fold(goneBefore)).isEmpty();
    }

    @Test
    void keepsItemsOfAFolderThatMayOnlyBeHidden() throws IOException {
        entry(2, Kind.CONTENT);
        PointInTime hidden = new PointInTime(9, 6, Set.of(SENT), Set.of(SENT), true, generations);
        assertThat(live(hidden).pendingDeletion()).isFalse();
    }

    @Test
    void showsTheNewestDescriptionOfAFolder() throws IOException {
        versions.add(Histories.version(2, 0, Kind.FOLDER, INBOX.asItem(), folder(9)));
        versions.add(Histories.version(4, 0, Kind.FOLDER, INBOX.asItem(), folder(9)));
        assertThat(fold(point(5, 0)))
                .singleElement()
                .isInstanceOfSatisfying(
                        ItemAtPoint.Folder.class,
                        folder -> assertThat(folder.version().logNumber()).isEqualTo(4));
    }

    @Test
    void keepsItemsApart() throws IOException {
        versions.add(Histories.version(2, 0, Kind.CONTENT, item(1), INBOX));
        versions.add(Histories.version(2, 1, Kind.CONTENT, item(2), INBOX));
        versions.add(Histories.version(3, 0, Kind.DELETION, item(1), INBOX));
        versions.add(Histories.version(3, 1, Kind.CONTENT, item(-1), INBOX));
        assertThat(fold(point(6, 5)))
                .extracting(
                        found -> ((ItemAtPoint.Live) found).version().entry().item())
                .containsExactly(item(2), item(-1));
    }

    private void entry(long logNumber, Kind kind) {
        versions.add(Histories.version(logNumber, ordinal++, kind, ITEM, INBOX));
    }

    /** A stored page of the inbox, named as {@link Histories#version} names pages. */
    private void page(long logNumber, long pageOrdinal, boolean generation, boolean syncEnd) {
        page(logNumber, pageOrdinal, generation, syncEnd, syncEnd);
    }

    private void page(long logNumber, long pageOrdinal, boolean generation, boolean syncEnd, boolean generationEnd) {
        PageId id = new PageId(new UUID(logNumber, pageOrdinal));
        generations.add(
                logNumber, new PageEnd(id, INBOX, null, 1, "00", 1, 0, 0, 0, 0, syncEnd, generation, generationEnd));
    }

    private PointInTime point(long number, long previous) {
        return new PointInTime(number, previous, Set.of(INBOX, SENT), Set.of(INBOX, SENT), false, generations);
    }

    private ItemAtPoint.Live live(PointInTime point) throws IOException {
        List<ItemAtPoint> found = fold(point);
        assertThat(found).singleElement().isInstanceOf(ItemAtPoint.Live.class);
        return (ItemAtPoint.Live) found.getFirst();
    }

    private List<ItemAtPoint> fold(PointInTime point) throws IOException {
        List<ItemAtPoint> found = new ArrayList<>();
        Fold fold = new Fold(Histories.sorted(versions), point);
        for (ItemAtPoint next = fold.next(); next != null; next = fold.next()) {
            found.add(next);
        }
        return found;
    }
}
