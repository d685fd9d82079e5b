package io.mailferry.archive.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.CarriedSkip;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogStateTest {
    private static final FolderKey QUIET = new FolderKey(1, 1, 1, 1);
    private static final FolderKey BUSY = new FolderKey(2, 2, 2, 2);

    private final MailboxPlace place = new MailboxPlace(TenantId.random(), MailboxId.random());
    private final LogState state = new LogState(place);

    @Test
    void isNoLargerAfterYearsOfRestorePoints() throws Damaged {
        AttemptTrace trace = new AttemptTrace(AttemptId.random());
        LogState appending = new LogState(place, trace);
        Generations generations = new Generations();
        recordAttempts(10, generations, state, appending);
        Retained before = Retained.by(state, appending, generations);

        recordAttempts(2_000, generations, state, appending);

        assertThat(Retained.by(state, appending, generations)).isEqualTo(before);
        assertThat(before.objects()).as("what is kept is seen").isGreaterThan(50);
    }

    @Test
    void keepsSyncStatesForThoseOnlyWhoGoOnFromThem() throws Damaged {
        LogState appending = new LogState(place, new AttemptTrace(AttemptId.random()));
        PageId synced = PageId.random();
        LogEntry entry = entry(new Body.PagesStored(
                List.of(),
                List.of(),
                List.of(new StoredPage(end(synced, BUSY, null, true, false), 100, List.of(new byte[] {1})))));

        state.apply(1, entry.bytes());
        appending.apply(1, entry.bytes());

        assertThat(state.heads().get(BUSY).syncState()).hasSize(1);
        assertThat(state.heads().get(BUSY).syncPage()).isEqualTo(synced);
        assertThat(appending.heads().get(BUSY)).isEqualTo(new FolderHead(synced, null, null));
    }

    @Test
    void tracesOneAttemptThroughAllThatOthersDo() throws Damaged {
        AttemptId ours = AttemptId.random();
        AttemptTrace trace = new AttemptTrace(ours);
        LogState appending = new LogState(place, trace);
        append(appending, ours, new Body.AttemptOpened(List.of()));
        assertThat(trace.isClosed()).isFalse();
        LogEntry point = append(appending, ours, restorePoint(1));
        AttemptId next = AttemptId.random();
        append(appending, next, new Body.AttemptOpened(List.of()));
        append(appending, next, restorePoint(2));

        assertThat(trace.isClosed()).isTrue();
        assertThat(trace.restorePoint()).contains(point);
        assertThat(appending.restorePoint().orElseThrow().attempt()).isEqualTo(next);
    }

    @Test
    void tracesAnAttemptThatAnotherClosed() throws Damaged {
        AttemptId silent = AttemptId.random();
        AttemptId replaced = AttemptId.random();
        AttemptTrace ofSilent = new AttemptTrace(silent);
        AttemptTrace ofReplaced = new AttemptTrace(replaced);
        for (AttemptTrace trace : List.of(ofSilent, ofReplaced)) {
            LogState appending = new LogState(place, trace);
            append(appending, silent, new Body.AttemptOpened(List.of()));
            append(appending, silent, new Body.AttemptClosed());
            append(appending, replaced, new Body.AttemptOpened(List.of()));
            append(appending, AttemptId.random(), new Body.AttemptOpened(List.of(replaced)));
        }

        assertThat(ofSilent.isClosed()).isTrue();
        assertThat(ofReplaced.isClosed()).isTrue();
        assertThat(ofSilent.restorePoint()).isEmpty();
    }

    @Test
    void keepsThePagesOfTheNewestAttemptOnly() throws Damaged {
        PageId earlier = PageId.random();
        PageId newest = PageId.random();
        apply(new Body.AttemptOpened(List.of()));
        apply(page(earlier, null));
        assertThat(state.hasPage(earlier)).isTrue();

        apply(new Body.AttemptOpened(List.of()));
        apply(page(newest, earlier));

        assertThat(state.hasPage(earlier)).isFalse();
        assertThat(state.hasPage(newest)).isTrue();
        assertThat(state.heads().get(BUSY).head()).isEqualTo(newest);
    }

    @Test
    void refusesARestorePointWithoutAWitness() {
        String entry = new String(entry(restorePoint(5)).bytes(), StandardCharsets.UTF_8);
        String without = entry.replace("\"witness\":", "\"elsewhere\":");

        assertThatThrownBy(() -> state.apply(1, without.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Damaged.class, e -> assertThat(e.damage()).isEqualTo(Damage.MALFORMED));
    }

    /** So many attempts with pages of both folders and a restore point each; the folders were read anew before. */
    private void recordAttempts(int attempts, Generations generations, LogState... states) throws Damaged {
        for (int i = 0; i < attempts; i++) {
            AttemptId attempt = AttemptId.random();
            List<StoredPage> pages = List.of(
                    new StoredPage(end(PageId.random(), BUSY, null, false, false), 100, null),
                    new StoredPage(end(PageId.random(), BUSY, null, true, false), 100, List.of(new byte[] {1})),
                    new StoredPage(end(PageId.random(), QUIET, null, true, false), 100, List.of(new byte[] {2})));
            List<Body> bodies = List.of(
                    new Body.AttemptOpened(List.of()),
                    new Body.PagesStored(List.of(), List.of(), pages),
                    restorePoint(1));
            for (LogState each : states) {
                for (Body body : bodies) {
                    append(each, attempt, body);
                }
            }
            pages.forEach(page -> generations.add(states[0].number() - 1, page.end()));
        }
    }

    private LogEntry apply(Body body) throws Damaged {
        return append(state, AttemptId.random(), body);
    }

    private LogEntry append(LogState to, AttemptId attempt, Body body) throws Damaged {
        LogEntry entry = entry(to, attempt, body);
        return to.apply(entry.number(), entry.bytes());
    }

    private LogEntry entry(Body body) {
        return entry(state, AttemptId.random(), body);
    }

    private LogEntry entry(LogState to, AttemptId attempt, Body body) {
        return new LogEntry(
                LogEntry.FORMAT,
                place.tenant(),
                place.mailbox(),
                to.number() + 1,
                to.hash().orElse(null),
                attempt,
                UUID.randomUUID(),
                Instant.EPOCH,
                body);
    }

    private static PageEnd end(
            PageId id, FolderKey folder, @Nullable PageId previous, boolean syncEnd, boolean generation) {
        return new PageEnd(id, folder, previous, 1, "00", 1, 0, 0, 0, 0, syncEnd, generation, syncEnd && generation);
    }

    private static Body page(PageId id, @Nullable PageId previous) {
        return new Body.PagesStored(
                List.of(), List.of(), List.of(new StoredPage(end(id, BUSY, previous, false, false), 100, null)));
    }

    private static Body restorePoint(int items) {
        List<CarriedSkip> skipped = List.of(new CarriedSkip(new ItemKey(1, 2, 3, 4), QUIET, "ITEM_CORRUPT"));
        return new Body.RestorePointRecorded(
                RestorePointId.random(),
                List.of(new FolderState(QUIET, 3, 0, 100, 3, 3, 1), new FolderState(BUSY, items, 0, 100, 1, 1, 0)),
                skipped,
                List.of(),
                true,
                List.of(),
                new AttemptEnd(
                        List.of(
                                new FolderWitness(QUIET, null, 3, 3, 0, 0, 0, 0, 1),
                                new FolderWitness(BUSY, null, 1, 1, items, 0, 0, 0, 0)),
                        List.of(),
                        skipped,
                        new byte[] {(byte) items},
                        1));
    }
}
