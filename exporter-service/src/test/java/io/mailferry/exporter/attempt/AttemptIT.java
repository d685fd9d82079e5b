package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.index.IndexEntry;
import io.mailferry.archive.index.SegmentReader;
import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogEntry;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.archive.log.SegmentRef;
import io.mailferry.archive.page.FolderWitness;
import io.mailferry.archive.page.PageEnd;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.Kind;
import io.mailferry.archive.part.Part;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import io.mailferry.exchange.ExchangeSession;
import io.mailferry.exchange.connection.ConnectionLimits;
import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Pause;
import io.mailferry.exchange.connection.RetryLimits;
import io.mailferry.exchange.connection.Trust;
import io.mailferry.exchange.folder.Folder;
import io.mailferry.exchange.folder.FolderId;
import io.mailferry.exporter.transfer.TestingTransfer;
import io.mailferry.exporter.transfer.Unconfirmed;
import io.mailferry.stack.S3Server;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attempts against a scripted Exchange server and a real bucket. Goal: whatever comes between two attempts, what the log
 * says of a folder is what the folder holds, and no more is claimed than was read. Each page holds one item.
 */
@Timeout(60)
final class AttemptIT {
    private static S3Server s3;
    private static ObjectStore store;
    private static KeyEncryptionKey kek;
    private static AttemptSettings settings;
    private static final TenantId TENANT = TenantId.random();

    private final MailboxPlace place = new MailboxPlace(TENANT, MailboxId.random());
    private final MailboxLog log = new MailboxLog(store, place, UUID.randomUUID(), Clock.systemUTC());
    private final TestingMailbox uploader = new TestingMailbox(store, place, new AtomicInteger());
    private final ArchiveReads reads = new ArchiveReads(settings);
    private StubExchange exchange;

    @BeforeAll
    static void start(@TempDir Path directory) {
        s3 = S3Server.start(directory.resolve("s3"));
        store = new ObjectStore(
                StoreSettings.of(URI.create(s3.endpoint()), s3.bucket(), s3.accessKey(), s3.secretKey(), s3.region()));
        kek = TenantKeys.open(directory.resolve("keys"), true).keyEncryption(TENANT);
        settings = new SmallRyeConfigBuilder()
                .withMapping(AttemptSettings.class, "mailferry.attempt")
                .withDefaultValue("mailferry.attempt.log-poll", "PT0.02S")
                .withDefaultValue("mailferry.attempt.page-bytes-max", "1")
                .withDefaultValue("mailferry.attempt.contents-per-request", "1")
                .withDefaultValue("mailferry.attempt.empty-pages-max", "3")
                .build()
                .getConfigMapping(AttemptSettings.class, "mailferry.attempt");
    }

    @AfterAll
    static void stop() {
        store.close();
        s3.close();
    }

    @BeforeEach
    void open() throws IOException {
        exchange = new StubExchange();
    }

    @AfterEach
    void close() {
        exchange.close();
    }

    @Test
    void deletesWhatABrokenOffAttemptStoredAndExchangeNamesNoMore() throws IOException {
        put("a", "b", "c");
        exchange.syncNames("s1", true, "a", "b", "c");
        breakOffAfterContents(2);
        assertThat(pages()).extracting(PageEnd::syncEnd).containsExactly(false, false);

        // Gone before the same page is read again: neither created nor deleted, as far as Exchange tells.
        exchange.remove("b");
        exchange.syncNames("s2", true, "a", "c");
        ExportFinished outcome = attempt(new ExportTurn(0, false));

        assertThat(outcome.items()).isEqualTo(2);
        assertThat(deleted()).containsExactly(key("b"));
        assertThat(exchange.contentsAsked()).containsExactly("a", "b", "c");
    }

    @Test
    void goesOnReadingAFolderAnewAfterItWasBrokenOff() throws IOException {
        put("a", "b");
        exchange.syncNames("s1", true, "a", "b");
        attempt(new ExportTurn(0, false));
        exchange.syncFails("ErrorInvalidSyncStateData");
        exchange.put("a", "2");
        exchange.put("b", "2");
        exchange.syncNames("s2", true, "a", "b");
        breakOffAfterContents(1);

        exchange.syncNames("s3", true, "a", "b");
        attempt(new ExportTurn(0, false));

        assertThat(exchange.statesAsked())
                .as("the old state would say nothing of what was not yet read anew")
                .containsExactly("", "s1", "", "");
        assertThat(exchange.contentsAsked()).containsExactly("a", "b", "a", "b");
        exchange.syncNames("s3", true);
        attempt(new ExportTurn(0, false));
        assertThat(exchange.statesAsked().getLast()).isEqualTo("s3");
    }

    @Test
    void saysThatAForbiddenFolderWasNotRead() throws IOException {
        put("a");
        exchange.syncFails("ErrorAccessDenied");
        ExportTurn turn = new ExportTurn(0, false);

        ExportFinished outcome = attempt(turn);

        assertThat(outcome.items()).isZero();
        assertThat(turn.takeGaps()).containsExactly(CoverageGap.FOLDER_FORBIDDEN);
        assertThat(pages()).isEmpty();
        assertThat(newestPoint().gaps()).contains("FOLDER_FORBIDDEN");
        assertThat(witness()).isEqualTo(new FolderWitness(folder(), null, -1, -1, 0, 0, 0, 0, 0));
    }

    @Test
    void beginsNoGenerationOfAFolderThatIsForbiddenWhenItIsToBeReadAnew() throws IOException {
        put("a");
        exchange.syncNames("s1", true, "a");
        attempt(new ExportTurn(0, false));
        List<PageEnd> before = pages();
        exchange.syncFails("ErrorInvalidSyncStateData");
        exchange.syncFails("ErrorAccessDenied");

        attempt(new ExportTurn(0, false));

        assertThat(pages()).isEqualTo(before);
        assertThat(witness())
                .isEqualTo(new FolderWitness(folder(), before.getLast().page(), -1, -1, 0, 0, 0, 0, 0));
        exchange.syncNames("s1", true);
        attempt(new ExportTurn(0, false));
        assertThat(exchange.statesAsked()).containsExactly("", "s1", "", "s1");
        assertThat(newestPoint().gaps()).doesNotContain("FOLDER_FORBIDDEN");
    }

    @Test
    void saysOnceThatAFolderWasReadAnewToItsEndThoughItWasForbiddenInBetween() throws IOException {
        put("a", "b");
        exchange.syncNames("s1", false, "a");
        exchange.syncFails("ErrorAccessDenied");
        attempt(new ExportTurn(0, false));
        assertThat(pages()).extracting(PageEnd::generation).containsExactly(true, false);
        assertThat(pages()).extracting(PageEnd::generationEnd).containsOnly(false);

        exchange.syncNames("s2", true);
        attempt(new ExportTurn(0, false));

        assertThat(exchange.statesAsked()).containsExactly("", "s1", "s1");
        assertThat(pages()).extracting(PageEnd::generationEnd).containsExactly(false, false, true);
        exchange.syncNames("s3", true);
        attempt(new ExportTurn(0, false));
        assertThat(pages()).as("nothing happened, and nothing is left to say").hasSize(3);
    }

    @Test
    void saysThatAFolderWasReadToItsEndThoughItsLastSyncPageIsEmpty() throws IOException {
        put("a", "b");
        exchange.syncNames("s1", false, "a", "b");
        exchange.syncNames("s2", true);

        attempt(new ExportTurn(0, false));

        assertThat(pages().getLast().generationEnd()).isTrue();
        assertThat(pages()).extracting(PageEnd::generationEnd).containsOnlyOnce(true);
    }

    @Test
    void saysThatAFolderWhoseStateWasRefusedWasReadAnewToItsEnd() throws IOException {
        put("a");
        exchange.syncNames("s1", true, "a");
        attempt(new ExportTurn(0, false));
        int before = pages().size();
        exchange.syncFails("ErrorInvalidSyncStateData");
        exchange.syncNames("s2", true, "a");

        attempt(new ExportTurn(0, false));

        List<PageEnd> anew = pages().subList(before, pages().size());
        assertThat(anew.getFirst().generation()).isTrue();
        assertThat(anew.getLast().generationEnd()).isTrue();
    }

    @Test
    void givesUpOnAServerThatRefusesTheStatesItGives() throws IOException {
        put("a");
        exchange.syncNames("s1", false, "a");
        exchange.syncFails("ErrorInvalidSyncStateData");
        exchange.syncNames("s2", false, "a");
        exchange.syncFails("ErrorInvalidSyncStateData");
        exchange.syncNames("s3", true, "a");

        assertThatThrownBy(() -> attempt(new ExportTurn(0, false))).isInstanceOfSatisfying(AttemptFailure.class, e -> {
            assertThat(e.reaction()).isEqualTo(AttemptFailure.Reaction.FAIL);
            assertThat(e.failed().category()).isEqualTo(FailureCategory.PERMANENT);
            assertThat(e.failed().cause()).isEqualTo("SyncStateRefused");
        });
        assertThat(exchange.statesAsked()).containsExactly("", "s1", "", "s2");
    }

    @Test
    void storesNothingOfAPageWhoseSyncStateStandsStill() throws IOException {
        put("a", "b");
        exchange.syncNames("s1", false, "a");
        exchange.syncNames("s1", false, "b");

        assertThatThrownBy(() -> attempt(new ExportTurn(0, false))).isInstanceOfSatisfying(AttemptFailure.class, e -> {
            assertThat(e.failed().category()).isEqualTo(FailureCategory.TRANSIENT);
            assertThat(e.failed().cause()).isEqualTo("SyncStandsStill");
        });
        assertThat(exchange.contentsAsked()).containsExactly("a");
    }

    @Test
    void followsNoFolderThatNeverEnds() {
        put("a");
        exchange.syncNames("s0", false, "a");
        for (int page = 1; page <= settings.emptyPagesMax() + 1; page++) {
            exchange.syncNames("s" + page, false);
        }

        assertThatThrownBy(() -> attempt(new ExportTurn(0, false))).isInstanceOfSatisfying(AttemptFailure.class, e -> {
            assertThat(e.failed().category()).isEqualTo(FailureCategory.PERMANENT);
            assertThat(e.failed().cause()).isEqualTo("SyncNeverEnds");
        });
    }

    @Test
    void isAtTheSamePlaceUntilAFurtherSyncStateOfTheFolderIsStored() throws IOException {
        put("a", "b");
        exchange.syncFails("ErrorInternalServerError");
        String fromStart = placeOfFailure();
        exchange.syncFails("ErrorInternalServerError");
        assertThat(placeOfFailure()).isEqualTo(fromStart);
        exchange.syncNames("s1", false, "a");
        exchange.syncFails("ErrorInternalServerError");
        assertThat(placeOfFailure()).as("where the turn began").isEqualTo(fromStart);

        exchange.syncFails("ErrorInternalServerError");
        String further = placeOfFailure();
        assertThat(further).isNotEqualTo(fromStart);
        exchange.syncFails("ErrorInvalidSyncStateData");
        exchange.syncNames("s2", false, "a");
        exchange.syncFails("ErrorInternalServerError");
        assertThat(placeOfFailure()).as("read anew").isEqualTo(fromStart);

        exchange.syncNames("s3", true, "b");
        ExportTurn whole = new ExportTurn(0, false);
        attempt(whole);
        assertThat(whole.place()).isEqualTo("end");
    }

    private String placeOfFailure() {
        ExportTurn turn = new ExportTurn(0, false);
        assertThatThrownBy(() -> attempt(turn)).isInstanceOf(AttemptFailure.class);
        return Objects.requireNonNull(turn.place());
    }

    private void put(String... items) {
        for (String item : items) {
            exchange.put(item, "1");
        }
    }

    private void breakOffAfterContents(int answers) {
        ExportTurn turn = new ExportTurn(0, false);
        AtomicInteger left = new AtomicInteger(answers);
        exchange.afterContents(() -> {
            if (left.decrementAndGet() == 0) {
                turn.stop();
            }
        });
        assertThatThrownBy(() -> attempt(turn))
                .isInstanceOfSatisfying(
                        AttemptFailure.class, e -> assertThat(e.reaction()).isEqualTo(AttemptFailure.Reaction.STOP));
        exchange.afterContents(() -> {});
    }

    private ExportFinished attempt(ExportTurn turn) throws IOException {
        AttemptPlace attempt = new AttemptPlace(TENANT, place.mailbox(), AttemptId.random());
        LogState before = log.read();
        try (ExchangeSession session = session();
                Unconfirmed sent = TestingTransfer.into(attempt, encoded -> uploader.take(Part.read(encoded)))) {
            for (byte[] part : MailboxKeys.begin(store, place, kek, reads, before.number() == 0, false)
                    .parts(attempt)) {
                sent.send(part);
            }
            AttemptWatch watch = new AttemptWatch(attempt.attempt(), sent, log, before, reads, turn, settings);
            watch.awaitOpened();
            MailboxKeys keys = MailboxKeys.read(store, place, kek, reads);
            MailboxArchive archive = MailboxArchive.read(store, place, log, keys.sealing(), keys.mac(), reads);
            watch.follow(archive.state());
            return new Attempt(session, attempt, keys, archive, watch, sent, turn, settings)
                    .run(new Folder(new FolderId("root"), "k", null, "", null, 0));
        }
    }

    private ExchangeSession session() {
        return ExchangeSession.open(
                new EwsEndpoint(exchange.url(), new Trust.System(), true, true),
                new Credentials("user", "secret"),
                new MailboxAddress("ann@example.org"),
                new ExchangeSession.Settings(
                        new ConnectionLimits(
                                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20), 1 << 20, 0),
                        new RetryLimits(1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO),
                        new ExportTurn(0, false).pace(),
                        Pause.SLEEP,
                        Clock.systemUTC(),
                        new Random(1)));
    }

    private MacKey mac() throws IOException {
        return kek.mac(store.get(place.macKey()).orElseThrow());
    }

    private FolderKey folder() throws IOException {
        return mac().folder(place.mailbox(), StubExchange.FOLDER);
    }

    private ItemKey key(String item) throws IOException {
        return mac().item(place.mailbox(), item);
    }

    private FolderWitness witness() throws IOException {
        FolderKey folder = folder();
        return newestPoint().witness().folders().stream()
                .filter(seen -> seen.folder().equals(folder))
                .findFirst()
                .orElseThrow();
    }

    private Body.RestorePointRecorded newestPoint() throws IOException {
        return (Body.RestorePointRecorded)
                log.read().restorePoint().orElseThrow().body();
    }

    /** The folder's pages in the log, oldest first. */
    private List<PageEnd> pages() throws IOException {
        FolderKey folder = folder();
        List<PageEnd> pages = new ArrayList<>();
        for (Body.PagesStored stored : stored()) {
            stored.pages().stream()
                    .map(page -> page.end())
                    .filter(end -> end.folder().equals(folder))
                    .forEach(pages::add);
        }
        return pages;
    }

    private List<ItemKey> deleted() throws IOException {
        List<ItemKey> deleted = new ArrayList<>();
        for (Body.PagesStored stored : stored()) {
            for (SegmentRef segment : stored.segments()) {
                try (InputStream in = store.open(place.segment(segment.id())).orElseThrow();
                        SegmentReader reader = new SegmentReader(in, segment.entries())) {
                    for (IndexEntry entry = reader.next(); entry != null; entry = reader.next()) {
                        if (entry.kind() == Kind.DELETION) {
                            deleted.add(entry.item());
                        }
                    }
                }
            }
        }
        return deleted;
    }

    private List<Body.PagesStored> stored() throws IOException {
        List<Body.PagesStored> stored = new ArrayList<>();
        log.read((LogEntry entry) -> {
            if (entry.body() instanceof Body.PagesStored pages) {
                stored.add(pages);
            }
        });
        return stored;
    }
}
