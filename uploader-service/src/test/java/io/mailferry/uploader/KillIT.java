package io.mailferry.uploader;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogState;
import io.mailferry.archive.log.MailboxLog;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.contracts.upload.UploadProgress.AttemptOpened;
import io.mailferry.contracts.upload.UploadProgress.PageRefused;
import io.mailferry.contracts.upload.UploadProgress.PartsRefused;
import io.mailferry.contracts.upload.UploadProgress.RestorePointRecorded;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploaders of one group die and come, in the middle of everything; at the end every item is there once. */
class KillIT {
    private static final int BYTES = 3_000;
    private static final int PAGE = 4;

    @TempDir
    static Path folder;

    private static Stand stand;

    private final Random random = new Random(20_130_601);
    private final AtomicInteger killed = new AtomicInteger();
    private final List<Uploader> uploaders = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        stand = new Stand(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        stand.close();
    }

    @Test
    void storesEveryItemOnceWhateverDies() throws Exception {
        survives(4, 2, 120);
    }

    @Test
    @Tag("long")
    void storesEveryItemOnceThroughHundredsOfKills() throws Exception {
        survives(200, 4, 2_400);
    }

    /** Exporters wait for the kills in proportion to what they have sent, so that every kill meets work. */
    private void survives(int kills, int mailboxes, int items) throws Exception {
        String group = "kills-" + UUID.randomUUID();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            uploaders.add(uploader(group));
            uploaders.add(uploader(group));
            List<TestExporter> exporters = new ArrayList<>();
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < mailboxes; i++) {
                TestExporter exporter = new TestExporter(stand, folder.resolve("keys"));
                exporters.add(exporter);
                done.add(threads.submit(() -> export(exporter, items, kills)));
            }
            for (int kill = 0; kill < kills; kill++) {
                LockSupport.parkNanos(
                        Duration.ofMillis(200 + random.nextInt(1_500)).toNanos());
                uploaders.remove(random.nextInt(uploaders.size())).abandon();
                uploaders.add(uploader(group));
                killed.incrementAndGet();
            }
            for (Future<?> each : done) {
                each.get();
            }
            Map<String, Integer> once =
                    IntStream.range(0, items).boxed().collect(Collectors.toMap(i -> "I" + i, i -> 1));
            for (TestExporter exporter : exporters) {
                assertThat(exporter.stored(BYTES)).isEqualTo(once);
            }
        } finally {
            uploaders.forEach(Uploader::close);
        }
    }

    /** As the exporter does it: from the log, again and again, until the restore point is there. */
    private Void export(TestExporter exporter, int items, int kills) throws IOException {
        for (int tries = 0; tries < 200; tries++) {
            exporter.beginAnew();
            AttemptId attempt = exporter.attempt;
            if (!within(Duration.ofSeconds(15), () -> told(exporter, attempt, AttemptOpened.class))) {
                continue;
            }
            int stored = stored(exporter);
            while (stored < items && !refused(exporter, attempt)) {
                long due = (long) stored * kills / items;
                Stand.eventually("kill " + due, () -> killed.get() >= due);
                exporter.sendAll(exporter.page(stored, PAGE, BYTES));
                stored += PAGE;
            }
            exporter.end(items);
            boolean ended = within(
                    Duration.ofSeconds(30),
                    () -> told(exporter, attempt, RestorePointRecorded.class) || refused(exporter, attempt));
            if (ended && told(exporter, attempt, RestorePointRecorded.class)) {
                assertThat(stand.told(exporter.mailbox, RestorePointRecorded.class)
                                .filter(point -> point.attempt().equals(attempt)))
                        .allMatch(point -> point.items() == items && point.complete());
                return null;
            }
        }
        throw new AssertionError("no restore point");
    }

    private static int stored(TestExporter exporter) throws IOException {
        int[] items = {0};
        LogState state = new MailboxLog(stand.bucket, exporter.place, UUID.randomUUID(), Clock.systemUTC())
                .read(entry -> {
                    if (entry.body() instanceof Body.PagesStored pages) {
                        pages.pages()
                                .forEach(page -> items[0] += (int) page.end().items());
                    }
                });
        var head = state.heads().get(exporter.folder);
        exporter.head = head == null ? null : head.head();
        return items[0];
    }

    private static boolean refused(TestExporter exporter, AttemptId attempt) {
        return told(exporter, attempt, PageRefused.class) || told(exporter, attempt, PartsRefused.class);
    }

    private static boolean told(TestExporter exporter, AttemptId attempt, Class<? extends UploadProgress> type) {
        return stand.told(exporter.mailbox, type)
                .anyMatch(told -> told.attempt().equals(attempt));
    }

    private static boolean within(Duration time, BooleanSupplier condition) {
        long until = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < until) {
            LockSupport.parkNanos(20_000_000);
        }
        return condition.getAsBoolean();
    }

    private static Uploader uploader(String group) throws IOException {
        return stand.uploader("intake.group", group, "intake.session-timeout", "6s");
    }
}
