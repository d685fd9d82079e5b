package io.mailferry.archive.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxLogIT {
    private static final FolderKey FOLDER = new FolderKey(1, 2, 3, 4);

    @TempDir
    static Path folder;

    private static S3Server server;
    private static ObjectStore store;

    private final MailboxPlace place = new MailboxPlace(TenantId.random(), MailboxId.random());
    private final AttemptId attempt = AttemptId.random();

    @BeforeAll
    static void start() {
        server = S3Server.start(folder.resolve("s3"));
        store = new ObjectStore(StoreSettings.of(
                URI.create(server.endpoint()),
                server.bucket(),
                server.accessKey(),
                server.secretKey(),
                server.region()));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Test
    void addsUpWhatItsEntriesSay() throws IOException {
        PageId first = PageId.random();
        PageId second = PageId.random();
        append(attempt, new Body.AttemptOpened(List.of()));
        append(attempt, pages(page(first, null, List.of(new byte[] {5}))));
        append(attempt, pages(page(second, first, null)));

        LogState state = log().read();

        assertThat(state.number()).isEqualTo(3);
        assertThat(state.openAttempt()).contains(attempt);
        FolderHead head = state.heads().get(FOLDER);
        assertThat(head.head()).isEqualTo(second);
        assertThat(head.syncPage()).isEqualTo(first);
        assertThat(head.syncState()).hasSize(1);
        assertThat(state.hasPage(first)).isTrue();
        assertThat(state.attemptCounts().get(FOLDER).items()).isEqualTo(2);
    }

    @Test
    void closesAnAttemptByItsRestorePoint() throws IOException {
        append(attempt, new Body.AttemptOpened(List.of()));
        append(attempt, restorePoint());

        AttemptTrace trace = new AttemptTrace(attempt);
        LogState state = log().read(trace, _ -> {});

        assertThat(state.openAttempt()).isEmpty();
        assertThat(trace.isClosed()).isTrue();
        assertThat(trace.restorePoint()).isPresent().isEqualTo(state.restorePoint());
    }

    @Test
    void tellsATraceWhatOthersAppendLater() throws IOException {
        append(attempt, new Body.AttemptOpened(List.of()));
        AttemptTrace trace = new AttemptTrace(attempt);
        LogState state = log().read(trace, _ -> {});
        assertThat(trace.isClosed()).isFalse();

        append(AttemptId.random(), new Body.AttemptOpened(List.of(attempt)));
        Append lost = log().append(state, attempt, new Body.AttemptClosed());

        assertThat(lost).isInstanceOf(Append.LostRace.class);
        assertThat(trace.isClosed()).isTrue();
    }

    @Test
    void letsExactlyOneOfSixteenWritersHaveEachNumber() throws Exception {
        int writers = 16;
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            tasks.add(() -> {
                LogState state = log().read();
                int losses = 0;
                while (!(log().append(state, AttemptId.random(), new Body.AttemptClosed())
                        instanceof Append.Appended)) {
                    losses++;
                }
                return losses;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> losses : threads.invokeAll(tasks)) {
                assertThat(losses.get()).isLessThan(writers);
            }
        }

        List<AttemptId> attempts = new ArrayList<>();
        LogState state = log().read(entry -> attempts.add(entry.attempt()));
        assertThat(state.number()).isEqualTo(writers);
        assertThat(attempts).doesNotHaveDuplicates();
    }

    @Test
    void givesTheLoserTheWinnersEntry() throws IOException {
        LogState stale = log().read();
        AttemptId winner = AttemptId.random();
        append(winner, new Body.AttemptOpened(List.of()));

        Append lost = log().append(stale, attempt, new Body.AttemptOpened(List.of()));

        assertThat(lost)
                .isInstanceOfSatisfying(
                        Append.LostRace.class,
                        race -> assertThat(race.winners())
                                .extracting(LogEntry::attempt)
                                .containsExactly(winner));
        assertThat(log().append(stale, attempt, new Body.AttemptOpened(List.of(winner))))
                .isInstanceOf(Append.Appended.class);
    }

    @Test
    void findsAForgedEntry() throws IOException {
        append(attempt, new Body.AttemptOpened(List.of()));
        append(attempt, pages(page(PageId.random(), null, null)));
        append(attempt, new Body.AttemptClosed());
        Path second = server.data().resolve(place.logEntry(2));
        String forged = Files.readString(second).replace("\"items\":1", "\"items\":9");
        Files.writeString(second, forged);

        assertDamaged(Damage.BROKEN_CHAIN, "3");
    }

    @Test
    void findsAHole() throws IOException {
        append(attempt, new Body.AttemptOpened(List.of()));
        append(attempt, new Body.AttemptClosed());
        append(attempt, new Body.AttemptClosed());
        Files.delete(server.data().resolve(place.logEntry(2)));

        assertDamaged(Damage.BROKEN_CHAIN, "2 is missing");
    }

    @Test
    void refusesEntriesOfAFutureVersionByName() throws IOException {
        append(attempt, new Body.AttemptOpened(List.of()));
        Path first = server.data().resolve(place.logEntry(1));
        String entry = Files.readString(first);

        Files.writeString(first, entry.replace("\"format\":1", "\"format\":2"));
        assertDamaged(Damage.UNSUPPORTED, "format 2");
        Files.writeString(first, entry.replace("AttemptOpened", "Merged"));
        assertDamaged(Damage.UNSUPPORTED, "type");
    }

    @Test
    void refusesAnotherMailboxsEntry() throws IOException {
        append(attempt, new Body.AttemptOpened(List.of()));
        MailboxPlace other = new MailboxPlace(place.tenant(), MailboxId.random());
        store.put(other.logEntry(1), store.get(place.logEntry(1)).orElseThrow());

        assertThatThrownBy(() -> new MailboxLog(store, other, UUID.randomUUID(), Clock.systemUTC()).read())
                .isInstanceOfSatisfying(
                        Damaged.class, e -> assertThat(e.damage()).isEqualTo(Damage.FOREIGN));
    }

    @Test
    void readsRestorePointsBackAsTheyWereWritten() throws IOException {
        append(attempt, restorePoint());

        LogEntry entry = log().read().restorePoint().orElseThrow();

        assertThat(entry.body())
                .usingRecursiveComparison()
                .isEqualTo(log().read().restorePoint().orElseThrow().body());
        assertThat(new String(entry.bytes(), StandardCharsets.UTF_8)).contains("\"type\":\"RestorePointRecorded\"");
    }

    private void assertDamaged(Damage damage, String message) {
        assertThatThrownBy(() -> log().read())
                .hasMessageContaining(message)
                .isInstanceOfSatisfying(
                        Damaged.class, e -> assertThat(e.damage()).isEqualTo(damage));
    }

    private void append(AttemptId by, Body body) throws IOException {
        assertThat(log().append(log().read(), by, body)).isInstanceOf(Append.Appended.class);
    }

    private MailboxLog log() {
        return new MailboxLog(store, place, UUID.randomUUID(), Clock.systemUTC());
    }

    private static Body pages(StoredPage page) {
        return new Body.PagesStored(
                List.of(new PackRef(UUID.randomUUID(), 1, "00", "00")),
                List.of(new SegmentRef(UUID.randomUUID(), 1, "00", 1)),
                List.of(page));
    }

    private static StoredPage page(PageId id, PageId previous, List<byte[]> syncState) {
        return new StoredPage(
                new PageEnd(id, FOLDER, previous, 1, "00", 1, 0, 0, 0, 0, syncState != null, false, false),
                100,
                syncState);
    }

    private static Body restorePoint() {
        return new Body.RestorePointRecorded(
                RestorePointId.random(),
                List.of(new FolderState(FOLDER, 1, 0, 100, 1, 1, 0)),
                List.of(),
                List.of("PUBLIC_FOLDERS"),
                true,
                List.of(),
                new AttemptEnd(List.of(), List.of("PUBLIC_FOLDERS"), List.of(), new byte[32], 1));
    }
}
