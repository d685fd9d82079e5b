package io.mailferry.exporter.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.Outcome.ExportFinished;
import io.mailferry.contracts.transition.TransitionCommand.ExportMailbox;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exporter.attempt.Ending;
import io.mailferry.exporter.attempt.TestingTurns;
import io.mailferry.exporter.slot.ServerSlots;
import io.mailferry.exporter.slot.SlotSettings;
import io.mailferry.exporter.slot.TestingSlots;
import io.mailferry.messaging.inbox.InboxSweep;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.stack.PostgresServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases, slots and what is told, on a real PostgreSQL with the roles of production. */
final class JobsIT {
    private static final ExportFinished OUTCOME =
            new ExportFinished(RestorePointId.random(), 10, Map.of(SkipCause.ITEM_CORRUPT, 1L), 1000, true);

    private static TestingDatabase database;
    private static TenantTransactions transactions;

    private final TestingClock clock = new TestingClock();
    private final TenantId tenant = TenantId.random();
    private final ServerId server = ServerId.random();
    private JobSettings settings;
    private SlotSettings slotSettings;
    private Jobs jobs;

    @BeforeAll
    static void start(@TempDir Path directory) {
        database = TestingDatabase.start(directory);
        transactions = database.transactions();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void wire() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(JobSettings.class, "mailferry.jobs")
                .withMapping(SlotSettings.class, "mailferry.slots")
                .withDefaultValue("mailferry.jobs.turns-in-vain-max", "3")
                .withDefaultValue("mailferry.jobs.turns-at-one-place-max", "4")
                .withDefaultValue("mailferry.jobs.turns-max", "20")
                .build();
        settings = config.getConfigMapping(JobSettings.class, "mailferry.jobs");
        slotSettings = config.getConfigMapping(SlotSettings.class, "mailferry.slots");
        ServerSlots slots = TestingSlots.of(slotSettings);
        jobs = new Jobs(
                transactions, new JobTable(), slots, settings, new JobMetrics(new SimpleMeterRegistry()), clock);
        transactions.useAcrossTenants(transaction -> transaction
                .handle()
                .execute("UPDATE job SET state = 'expired', lease = NULL WHERE state IN ('waiting', 'running')"));
    }

    @Test
    void takesACommandOnceHoweverOftenItArrives() {
        EventId event = EventId.random();
        ExportMailbox command = command(server, MailboxId.random());

        jobs.on(event, command);
        jobs.on(event, command);
        jobs.on(EventId.random(), command);

        assertThat(jobs.list(tenant, Optional.empty())).hasSize(1);
        assertThat(told("CommandAccepted")).isEqualTo(1);
    }

    @Test
    void givesAJobToOneOfManyWorkers() throws Exception {
        for (int i = 0; i < 3; i++) {
            jobs.on(EventId.random(), command(server, MailboxId.random()));
        }
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Optional<Turn>>> takes = java.util.Collections.nCopies(12, () -> jobs.begin());
            List<Turn> turns = workers.invokeAll(takes).stream()
                    .map(Future::resultNow)
                    .flatMap(Optional::stream)
                    .toList();

            assertThat(turns).extracting(turn -> turn.job().job()).doesNotHaveDuplicates();
            assertThat(turns.size()).isBetween(1, 3);
        }
    }

    /** What the operations page has the owner do when a tenant begins anew in an empty bucket. */
    @Test
    void forgetsATenantsJobsByThePagesProcedureAndNoOthers() throws Exception {
        TenantId other = TenantId.random();
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        jobs.on(EventId.random(), command(other, server, MailboxId.random()));
        String page = Files.readString(Path.of(System.getProperty("mailferry.root"), "docs", "operations.md"));
        Matcher procedure = Pattern.compile("(?s)```sql\n(BEGIN;[^`]*exporter\\.job[^`]*)```")
                .matcher(page);
        assertThat(procedure.find()).isTrue();

        PostgresServer.Login owner = database.postgres().owner("exporter");
        try (Connection connection =
                        DriverManager.getConnection(database.postgres().jdbcUrl(), owner.user(), owner.password());
                Statement statement = connection.createStatement()) {
            statement.execute(procedure.group(1).replace("<tenant>", tenant.toString()));
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM exporter.job")) {
                rows.next();
                assertThat(rows.getLong(1)).as("rows that the owner sees again").isZero();
            }
        }

        assertThat(jobs.list(tenant, Optional.empty())).isEmpty();
        assertThat(jobs.list(other, Optional.empty())).hasSize(1);
    }

    @Test
    void keepsASecondJobOfAMailboxWaiting() {
        MailboxId mailbox = MailboxId.random();
        jobs.on(EventId.random(), command(server, mailbox));
        jobs.on(EventId.random(), command(server, mailbox));
        Turn first = jobs.begin().orElseThrow();

        assertThat(jobs.begin()).isEmpty();
        jobs.conclude(first, new Ending.Finished(OUTCOME));

        assertThat(jobs.begin()).isPresent();
    }

    @Test
    void passesAJobOnWhenItsWorkerIsSilentAndLetsTheOldOneTellNothing() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Turn lost = jobs.begin().orElseThrow();
        clock.pass(settings.lease().plusSeconds(1));

        Turn taken = jobs.begin().orElseThrow();
        jobs.conclude(lost, new Ending.Finished(OUTCOME));

        assertThat(taken.job().job()).isEqualTo(lost.job().job());
        assertThat(told("CommandSucceeded")).isZero();
        jobs.conclude(taken, new Ending.Finished(OUTCOME));
        assertThat(told("CommandSucceeded")).isEqualTo(1);
        assertThat(state()).isEqualTo(new JobState.Succeeded(OUTCOME, clock.instant()));
    }

    @Test
    void tellsATurnWhetherTheTenantHasAnArchive() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Turn first = jobs.begin().orElseThrow();
        assertThat(first.export().tenantHasArchive()).isFalse();
        jobs.conclude(first, new Ending.Finished(OUTCOME));

        assertThat(jobs.begin().orElseThrow().export().tenantHasArchive()).isTrue();
    }

    @Test
    void tellsAWorkerThatLostItsLeaseToStop() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Turn lost = jobs.begin().orElseThrow();
        clock.pass(settings.lease().plusSeconds(1));
        jobs.begin().orElseThrow();

        jobs.prolong(lost);

        assertThat(lost.export().isStopping()).isTrue();
    }

    @Test
    void keepsALeaseThatIsProlonged() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Turn turn = jobs.begin().orElseThrow();
        clock.pass(settings.lease().minusSeconds(1));
        jobs.prolong(turn);
        clock.pass(settings.lease().minusSeconds(1));

        assertThat(jobs.begin()).isEmpty();
        assertThat(told("CommandProgressed")).isEqualTo(1);
    }

    @Test
    void boundsTheMailboxesOfAServerWithoutHoldingUpAnother() {
        for (int i = 0; i < slotSettings.widthFirst() + 2; i++) {
            jobs.on(EventId.random(), command(server, MailboxId.random()));
        }
        for (int i = 0; i < slotSettings.widthFirst(); i++) {
            assertThat(jobs.begin()).isPresent();
        }
        assertThat(jobs.begin()).isEmpty();
        ServerId other = ServerId.random();

        jobs.on(EventId.random(), command(other, MailboxId.random()));

        assertThat(jobs.begin())
                .hasValueSatisfying(
                        turn -> assertThat(turn.job().mailbox().server()).isEqualTo(other));
    }

    @Test
    void leavesAThrottlingServerAloneAndGoesOnNarrower() {
        for (int i = 0; i < 5; i++) {
            jobs.on(EventId.random(), command(server, MailboxId.random()));
        }
        Turn turn = jobs.begin().orElseThrow();
        clock.pass(slotSettings.narrowAtMostEvery());
        turn.export()
                .pace()
                .throttled(new ExchangeFailure(
                        io.mailferry.exchange.failure.FailureCategory.THROTTLED,
                        io.mailferry.exchange.failure.FailureReach.SERVER,
                        "ErrorServerBusy",
                        Duration.ofSeconds(30),
                        null));
        jobs.prolong(turn);

        assertThat(width()).isEqualTo(slotSettings.widthFirst() / 2);
        clock.pass(Duration.ofSeconds(10));
        jobs.prolong(turn);
        assertThat(jobs.begin()).isEmpty();
        jobs.conclude(turn, new Ending.Finished(OUTCOME));
        clock.pass(Duration.ofSeconds(21));
        assertThat(jobs.begin()).isPresent();
        assertThat(jobs.begin()).isEmpty();
    }

    @Test
    void widensWhileTheServerAnswers() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Turn turn = jobs.begin().orElseThrow();
        clock.pass(slotSettings.widenAfter());
        turn.export().pace().answered();
        jobs.prolong(turn);
        turn.export().pace().answered();
        jobs.prolong(turn);

        assertThat(width()).isEqualTo(slotSettings.widthFirst() + 1);
    }

    @Test
    void repeatsAPassingFailureLaterAndGivesUpWhenItIsAlwaysInVain() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Ending busy = new Ending.Failed(FailureCategory.THROTTLED, "ErrorServerBusy", Duration.ofMinutes(3));
        jobs.conclude(jobs.begin().orElseThrow(), busy);

        assertThat(state())
                .isEqualTo(new JobState.Waiting(
                        clock.instant().plus(Duration.ofMinutes(3)),
                        new JobState.Setback(FailureCategory.THROTTLED, "ErrorServerBusy")));
        assertThat(jobs.begin()).isEmpty();
        for (int i = 1; i < settings.turnsInVainMax(); i++) {
            clock.pass(Duration.ofMinutes(3));
            jobs.conclude(jobs.begin().orElseThrow(), busy);
        }
        assertThat(state())
                .isEqualTo(new JobState.Failed(FailureCategory.THROTTLED, "ErrorServerBusy", clock.instant()));
        assertThat(told("CommandFailed")).isEqualTo(1);
    }

    @Test
    void givesUpOnAFolderThatAlwaysFailsThoughOtherFoldersStoreSomethingEachTime() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        PageId stuck = PageId.random();
        for (int turn = 1; turn < settings.turnsAtOnePlaceMax(); turn++) {
            failHavingStored(stuck);
            assertThat(state()).as("turn " + turn).isInstanceOf(JobState.Waiting.class);
        }

        failHavingStored(stuck);

        assertThat(state())
                .isEqualTo(new JobState.Failed(FailureCategory.TRANSIENT, "ConnectionReset", clock.instant()));
        assertThat(told("CommandFailed")).isEqualTo(1);
    }

    @Test
    void keepsInMindWhereAJobFailsWhileItFailsBeforeTheFirstFolder() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        PageId stuck = PageId.random();
        for (int turn = 1; turn < settings.turnsAtOnePlaceMax(); turn++) {
            failHavingStored(stuck);
            if (turn == 1) {
                clock.pass(settings.pauseFirst());
                jobs.conclude(jobs.begin().orElseThrow(), new Ending.Stopped());
            }
        }
        clock.pass(settings.pauseFirst());
        jobs.conclude(
                jobs.begin().orElseThrow(),
                new Ending.Failed(FailureCategory.TRANSIENT, "ConnectionRefused", Duration.ZERO));

        assertThat(state())
                .isEqualTo(new JobState.Failed(FailureCategory.TRANSIENT, "ConnectionRefused", clock.instant()));
    }

    @Test
    void goesOnManyTurnsWhileEachGetsFurtherButNotForEver() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        for (int turn = 1; turn < settings.turnsMax(); turn++) {
            failHavingStored(PageId.random());
            assertThat(state()).as("turn " + turn).isInstanceOf(JobState.Waiting.class);
        }

        failHavingStored(PageId.random());

        assertThat(state())
                .isEqualTo(new JobState.Failed(FailureCategory.TRANSIENT, "ConnectionReset", clock.instant()));
    }

    @Test
    void givesUpOnAMailboxWithWhichEachWorkerDiesThoughItStoresSomething() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        for (int turn = 1; turn <= settings.turnsAtOnePlaceMax(); turn++) {
            Turn lost = jobs.begin().orElseThrow();
            TestingTurns.storesAPage(lost.export());
            jobs.prolong(lost);
            clock.pass(settings.lease().plusSeconds(1));
        }

        assertThat(jobs.begin()).isEmpty();
        assertThat(state()).isEqualTo(new JobState.Failed(FailureCategory.PERMANENT, "WorkersLost", clock.instant()));
    }

    /** A turn that stored a page, and failed in a folder that it had begun with this page's sync state. */
    private void failHavingStored(PageId syncPage) {
        clock.pass(settings.pauseFirst());
        Turn turn = jobs.begin().orElseThrow();
        TestingTurns.storesAPage(turn.export());
        jobs.prolong(turn);
        TestingTurns.reaches(turn.export(), new FolderKey(1, 2, 3, 4), syncPage);
        jobs.conclude(turn, new Ending.Failed(FailureCategory.TRANSIENT, "ConnectionReset", Duration.ZERO));
    }

    @Test
    void tellsWhatHoldsAJobAndWhenItIsTriedAgainUntilSomethingIsStored() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        jobs.conclude(
                jobs.begin().orElseThrow(),
                new Ending.Failed(FailureCategory.TRANSIENT, "ConnectionRefused", Duration.ofSeconds(30)));

        JobView held = view();
        clock.pass(Duration.ofSeconds(30));
        Turn again = jobs.begin().orElseThrow();
        JobView trying = view();
        TestingTurns.storesAPage(again.export());
        jobs.prolong(again);
        JobView storing = view();

        assertThat(held.cause()).isEqualTo("ConnectionRefused");
        assertThat(held.category()).isEqualTo("TRANSIENT");
        assertThat(held.nextTryAt()).isEqualTo(clock.instant());
        assertThat(trying.cause()).isEqualTo("ConnectionRefused");
        assertThat(trying.nextTryAt()).isNull();
        assertThat(storing.cause()).isNull();
        assertThat(storing.category()).isNull();
    }

    @Test
    void boundsThePauseThatAServerMayAskFor() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        Turn turn = jobs.begin().orElseThrow();
        turn.export()
                .pace()
                .throttled(new ExchangeFailure(
                        io.mailferry.exchange.failure.FailureCategory.THROTTLED,
                        io.mailferry.exchange.failure.FailureReach.SERVER,
                        "ErrorServerBusy",
                        Duration.ofDays(400),
                        null));

        jobs.conclude(turn, new Ending.Failed(FailureCategory.THROTTLED, "ErrorServerBusy", Duration.ofDays(400)));

        assertThat(state())
                .isEqualTo(new JobState.Waiting(
                        clock.instant().plus(settings.backOffMax()),
                        new JobState.Setback(FailureCategory.THROTTLED, "ErrorServerBusy")));
        clock.pass(
                settings.backOffMax().compareTo(slotSettings.holdMax()) > 0
                        ? settings.backOffMax()
                        : slotSettings.holdMax());
        assertThat(jobs.begin()).isPresent();
    }

    @Test
    void mayForgetTheIdsOfOldEventsWithoutTakingACommandTwice() {
        EventId event = EventId.random();
        ExportMailbox command = command(server, MailboxId.random());
        jobs.on(event, command);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(15));

        long forgotten =
                new InboxSweep(transactions, later, new InboxSweep.Limits(Duration.ofDays(14), 1000, 1)).sweep();

        assertThat(forgotten).isPositive();
        assertThat(count("inbox", tenant)).isZero();
        jobs.on(event, command);
        assertThat(jobs.list(tenant, Optional.empty())).hasSize(1);
        assertThat(told("CommandAccepted")).isEqualTo(1);
    }

    @Test
    void failsAtOnceWhereRepeatingDoesNotHelp() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));

        jobs.conclude(
                jobs.begin().orElseThrow(),
                new Ending.Failed(FailureCategory.PERMANENT, "HttpStatus401", Duration.ZERO));

        assertThat(state()).isEqualTo(new JobState.Failed(FailureCategory.PERMANENT, "HttpStatus401", clock.instant()));
    }

    @Test
    void givesAJobBackWithoutCountingItAgainstIt() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        for (int i = 0; i < settings.turnsInVainMax() + 2; i++) {
            jobs.conclude(jobs.begin().orElseThrow(), new Ending.Stopped());
        }

        assertThat(state()).isInstanceOf(JobState.Waiting.class);
    }

    @Test
    void beginsNothingThatExpired() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        clock.pass(Duration.ofHours(2));

        assertThat(jobs.begin()).isEmpty();
        assertThat(state()).isEqualTo(new JobState.Expired(clock.instant()));
        assertThat(told("CommandExpired")).isEqualTo(1);
    }

    @Test
    void tellsABuildOnlyWhenItIsNew() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        assertThat(transactions.<Boolean>acrossTenants(transaction -> {
                    TestingSlots.of(slotSettings)
                            .take(
                                    transaction.handle(),
                                    tenant,
                                    server,
                                    java.util.UUID.randomUUID(),
                                    clock.instant(),
                                    clock.instant());
                    return TestingSlots.of(slotSettings)
                            .isNewBuild(transaction.handle(), server, new ExchangeBuild(15, 0, 1497, 2));
                }))
                .isTrue();
        assertThat(transactions.<Boolean>acrossTenants(transaction -> TestingSlots.of(slotSettings)
                        .isNewBuild(transaction.handle(), server, new ExchangeBuild(15, 0, 1497, 2))))
                .isFalse();
    }

    @Test
    void showsNoTenantAnothersRows() {
        jobs.on(EventId.random(), command(server, MailboxId.random()));
        jobs.begin().orElseThrow();

        for (String table : Set.of("job", "server_pace", "slot", "outbox", "inbox")) {
            assertThat(count(table, TenantId.random())).as(table).isZero();
            assertThat(count(table, tenant)).as(table).isPositive();
        }
    }

    private static long count(String table, TenantId tenant) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT count(*) FROM " + table)
                        .mapTo(Long.class)
                        .one());
    }

    private JobState state() {
        return jobs.list(tenant, Optional.empty()).getFirst().state();
    }

    private JobView view() {
        return JobView.of(jobs.list(tenant, Optional.empty()).getFirst());
    }

    private int width() {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT width FROM server_pace WHERE server = ?", server)
                        .mapTo(Integer.class)
                        .one());
    }

    private long told(String type) {
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select("SELECT count(*) FROM outbox WHERE type LIKE ?", "%." + type + ".v1")
                        .mapTo(Long.class)
                        .one());
    }

    private ExportMailbox command(ServerId of, MailboxId mailbox) {
        return command(tenant, of, mailbox);
    }

    private ExportMailbox command(TenantId whose, ServerId of, MailboxId mailbox) {
        return new ExportMailbox(
                CommandId.random(),
                whose,
                of,
                mailbox,
                Optional.empty(),
                new SealedAddress("c2VhbGVk"),
                new EwsEndpoint(
                        "https://mail.example.org/EWS/Exchange.asmx",
                        new Trust.Pinned("ab".repeat(32)),
                        "account",
                        true,
                        false),
                clock.instant().plus(Duration.ofHours(1)));
    }
}
