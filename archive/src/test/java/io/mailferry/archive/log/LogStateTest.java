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
import org.junit.jupiter.api.Test;

class LogStateTest {
    private static final FolderKey QUIET = new FolderKey(1, 1, 1, 1);
    private static final FolderKey BUSY = new FolderKey(2, 2, 2, 2);

    private final MailboxPlace place = new MailboxPlace(TenantId.random(), MailboxId.random());
    private final LogState state = new LogState(place);

    /** Years of restore points would otherwise fill the heap with equal lists. */
    @Test
    void sharesBetweenRestorePointsWhatDidNotChange() throws Damaged {
        LogEntry first = apply(restorePoint(5));
        LogEntry second = apply(restorePoint(6));

        assertThat(state.restorePoints()).containsExactly(first, second);
        Body.RestorePointRecorded before = (Body.RestorePointRecorded) first.body();
        Body.RestorePointRecorded after = (Body.RestorePointRecorded) second.body();
        assertThat(after.folders().getFirst()).isSameAs(before.folders().getFirst());
        assertThat(after.witness().folders().getFirst())
                .isSameAs(before.witness().folders().getFirst());
        assertThat(after.skipped()).isSameAs(after.witness().carriedSkips());
        assertThat(after.witness().carriedSkips()).isSameAs(before.witness().carriedSkips());
        assertThat(after.folders().getLast().live()).isEqualTo(6);
        assertThat(after.witness().folders().getLast().items()).isEqualTo(6);
        assertThat(after.witness().mac()).containsExactly(6);
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

    private LogEntry apply(Body body) throws Damaged {
        LogEntry entry = entry(body);
        return state.apply(entry.number(), entry.bytes());
    }

    private LogEntry entry(Body body) {
        return new LogEntry(
                LogEntry.FORMAT,
                place.tenant(),
                place.mailbox(),
                state.number() + 1,
                state.hash().orElse(null),
                AttemptId.random(),
                UUID.randomUUID(),
                Instant.EPOCH,
                body);
    }

    private static Body page(PageId id, PageId previous) {
        return new Body.PagesStored(
                List.of(),
                List.of(),
                List.of(new StoredPage(
                        new PageEnd(id, BUSY, previous, 1, "00", 1, 0, 0, 0, 0, false, false, false), 100, null)));
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
