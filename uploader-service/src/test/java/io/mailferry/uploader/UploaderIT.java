package io.mailferry.uploader;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.log.Body;
import io.mailferry.archive.log.LogState;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.upload.UploadProgress.AttemptOpened;
import io.mailferry.contracts.upload.UploadProgress.PageRefused;
import io.mailferry.contracts.upload.UploadProgress.PagesStored;
import io.mailferry.contracts.upload.UploadProgress.PartsRefused;
import io.mailferry.contracts.upload.UploadProgress.Refusal;
import io.mailferry.contracts.upload.UploadProgress.RestorePointRecorded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploaderIT {
    private static final int BYTES = 20_000;

    @TempDir
    static Path folder;

    private static Stand stand;

    private final List<Uploader> uploaders = new ArrayList<>();
    private final TestExporter exporter = new TestExporter(stand, folder.resolve("keys"));

    @BeforeAll
    static void start() throws IOException {
        stand = new Stand(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        stand.close();
    }

    @AfterEach
    void stopUploaders() {
        stand.faulty.heal();
        uploaders.forEach(Uploader::close);
    }

    @Test
    void storesAnAttemptAndRecordsItsRestorePoint() throws IOException {
        uploader("mailbox.pack-bytes", "3M");
        begun();

        exporter.sendAll(exporter.page(0, 30, BYTES));
        exporter.sendAll(exporter.page(30, 1, 5_000_000));
        exporter.sendAll(exporter.page(31, 5, BYTES));
        exporter.end(36);

        RestorePointRecorded recorded = stand.await(exporter.mailbox, RestorePointRecorded.class);
        assertThat(recorded.items()).isEqualTo(36);
        assertThat(recorded.complete()).isTrue();
        LogState log = exporter.log();
        assertThat(log.openAttempt()).isEmpty();
        assertThat(log.heads().get(exporter.folder).head()).isEqualTo(exporter.head);
        assertThat(log.heads().get(exporter.folder).syncState()).isNotNull();
        assertThat(stand.bucket.list(exporter.place.prefix() + "packs/")).hasSizeGreaterThan(1);
        assertThat(stand.told(exporter.mailbox, PagesStored.class)
                        .mapToLong(PagesStored::items)
                        .sum())
                .isEqualTo(36);
    }

    @Test
    void givesBackEveryItemFromTheBucketAlone() throws IOException {
        uploader();
        begun();

        exporter.sendAll(exporter.page(0, 25, BYTES));
        exporter.sendAll(exporter.page(25, 15, BYTES));
        exporter.end(40);
        stand.await(exporter.mailbox, RestorePointRecorded.class);

        assertThat(exporter.stored(BYTES)).isEqualTo(once(40));
    }

    @Test
    void refusesAPageWithAGapAndTakesItAgain() throws IOException {
        uploader();
        begun();
        List<byte[]> page = exporter.page(0, 10, BYTES);
        page.remove(4);
        exporter.sendAll(page);

        assertThat(stand.await(exporter.mailbox, PageRefused.class).reason()).isEqualTo(Refusal.PAGE_INCOMPLETE);
        exporter.head = null;
        exporter.sendAll(exporter.page(0, 10, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        assertThat(exporter.stored(BYTES)).isEqualTo(once(10));
    }

    @Test
    void refusesAnEndBehindALostPage() throws IOException {
        uploader();
        begun();
        List<byte[]> page = exporter.page(0, 10, BYTES);
        page.remove(4);
        exporter.sendAll(page);
        exporter.end(10);

        assertThat(stand.await(exporter.mailbox, PartsRefused.class).reason()).isEqualTo(Refusal.PAGE_INCOMPLETE);
    }

    @Test
    void refusesAPageWhosePredecessorIsNotTheHead() throws IOException {
        uploader();
        begun();
        exporter.sendAll(exporter.page(0, 3, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        exporter.head = null;

        exporter.sendAll(exporter.page(3, 3, BYTES));

        assertThat(stand.await(exporter.mailbox, PageRefused.class).reason())
                .isEqualTo(Refusal.PREDECESSOR_IS_NOT_HEAD);
    }

    @Test
    void storesNothingTwiceAfterACrash() throws IOException {
        String group = "crash-" + exporter.mailbox;
        Uploader crashing = uploader("intake.group", group, "intake.commit-every", "1h");
        begun();
        exporter.sendAll(exporter.page(0, 10, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        List<byte[]> second = exporter.page(10, 10, BYTES);
        exporter.sendAll(second.subList(0, 5));
        crashing.abandon();
        uploaders.remove(crashing);

        uploader("intake.group", group);
        exporter.sendAll(second.subList(5, second.size()));
        exporter.end(20);

        assertThat(stand.await(exporter.mailbox, RestorePointRecorded.class).items())
                .isEqualTo(20);
        assertThat(exporter.stored(BYTES)).isEqualTo(once(20));
    }

    @Test
    void leavesOneLogWhenTwoUploadersReadTheSameParts() throws IOException {
        uploader();
        uploader();
        begun();

        for (int page = 0; page < 10; page++) {
            exporter.sendAll(exporter.page(page * 5, 5, BYTES));
        }
        exporter.end(50);

        assertThat(stand.await(exporter.mailbox, RestorePointRecorded.class).items())
                .isEqualTo(50);
        assertThat(exporter.restorePoints()).hasSize(1);
        assertThat(exporter.stored(BYTES)).isEqualTo(once(50));
    }

    @Test
    void losesNoItemWhenTheTopicIsEmptied() throws IOException {
        uploader();
        begun();
        exporter.sendAll(exporter.page(0, 5, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        var stored = exporter.head;
        List<byte[]> lost = exporter.page(5, 5, BYTES);
        exporter.sendAll(lost.subList(0, 3));
        stand.kafka.emptyTopic(Topic.ITEMS);
        exporter.sendAll(lost.subList(4, lost.size()));
        stand.await(exporter.mailbox, PageRefused.class);

        exporter.beginAnew();
        awaitOpened(exporter.attempt);
        exporter.head = stored;
        exporter.sendAll(exporter.page(5, 5, BYTES));
        exporter.end(10);

        RestorePointRecorded recorded = stand.await(exporter.mailbox, RestorePointRecorded.class);
        assertThat(recorded.items()).isEqualTo(10);
        assertThat(recorded.complete()).isTrue();
        assertThat(exporter.stored(BYTES)).isEqualTo(once(10));
    }

    @Test
    void waitsForABucketThatAnswersSlowDown() throws IOException {
        uploader();
        begun();
        stand.faulty.refuse(line -> line.startsWith("PUT"));
        exporter.sendAll(exporter.page(0, 5, BYTES));
        int before = stand.faulty.refused();
        Stand.eventually("refused puts", () -> stand.faulty.refused() > before + 3);
        assertThat(stand.told(exporter.mailbox, PagesStored.class)).isEmpty();

        stand.faulty.heal();

        stand.await(exporter.mailbox, PagesStored.class);
        assertThat(exporter.stored(BYTES)).isEqualTo(once(5));
    }

    @Test
    void refusesOnlyTheMailboxWhoseStoreFails() throws IOException {
        uploader("bucket.patience", "1s");
        begun();
        TestExporter other = new TestExporter(stand, folder.resolve("keys"));
        other.begin();
        stand.await(other.mailbox, AttemptOpened.class);
        stand.faulty.refuse(line -> line.startsWith("PUT") && line.contains(exporter.mailbox.toString()));

        exporter.sendAll(exporter.page(0, 5, BYTES));
        other.sendAll(other.page(0, 5, BYTES));

        stand.await(other.mailbox, PagesStored.class);
        assertThat(stand.await(exporter.mailbox, PartsRefused.class).reason()).isEqualTo(Refusal.STORE_UNAVAILABLE);
        stand.faulty.heal();
        exporter.head = null;
        exporter.beginAnew();
        awaitOpened(exporter.attempt);
        exporter.sendAll(exporter.page(0, 5, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        assertThat(exporter.stored(BYTES)).isEqualTo(once(5));
    }

    @Test
    void dropsPartsOfAnEarlierAttempt() throws IOException {
        uploader();
        begun();
        AttemptId earlier = exporter.attempt;
        List<byte[]> late = exporter.page(0, 3, BYTES);
        exporter.head = null;
        exporter.beginAnew();
        awaitOpened(exporter.attempt);

        exporter.sendAll(late);

        PartsRefused refused = stand.await(exporter.mailbox, PartsRefused.class);
        assertThat(refused.attempt()).isEqualTo(earlier);
        assertThat(refused.reason()).isEqualTo(Refusal.ATTEMPT_CLOSED);
        exporter.sendAll(exporter.page(0, 3, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        assertThat(exporter.stored(BYTES)).isEqualTo(once(3));
    }

    @Test
    void dropsPartsOfAnAttemptThatNeverBegan() throws IOException {
        uploader();
        exporter.sendAll(exporter.page(0, 3, BYTES));

        assertThat(stand.await(exporter.mailbox, PartsRefused.class).reason()).isEqualTo(Refusal.ATTEMPT_CLOSED);
        assertThat(exporter.log().number()).isZero();
    }

    @Test
    void setsAsideARecordThatIsNoPart() throws IOException {
        uploader();
        begun();
        List<byte[]> page = exporter.page(0, 3, BYTES);
        exporter.send(page.getFirst());
        exporter.send("Secret subject, and no part".getBytes(StandardCharsets.UTF_8));

        assertThat(stand.await(exporter.mailbox, PageRefused.class).reason()).isEqualTo(Refusal.PART_UNREADABLE);
        ConsumerRecord<byte[], byte[]> letter = deadLetterOf(exporter);
        assertThat(new String(letter.value(), StandardCharsets.UTF_8))
                .contains("\"offset\"")
                .doesNotContain("Secret");
        exporter.head = null;
        exporter.sendAll(exporter.page(0, 3, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
    }

    @Test
    void deletesRecordsThatAreSettled() throws IOException {
        uploader("intake.delete-every", "100ms", "intake.commit-every", "50ms");
        begun();
        exporter.sendAll(exporter.page(0, 5, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);

        Stand.eventually("all records deleted", () -> {
            try (KafkaConsumer<byte[], byte[]> kafka = consumer()) {
                List<TopicPartition> partitions = kafka.partitionsFor(Topic.ITEMS).stream()
                        .map(info -> new TopicPartition(Topic.ITEMS, info.partition()))
                        .toList();
                return kafka.beginningOffsets(partitions).equals(kafka.endOffsets(partitions));
            }
        });
    }

    @Test
    void closesPacksEarlyWhenScratchIsScarce() throws IOException {
        uploader("scratch.bytes-max", "2M");
        begun();

        exporter.sendAll(exporter.page(0, 1, 9_000_000));
        exporter.end(1);

        assertThat(stand.await(exporter.mailbox, RestorePointRecorded.class).complete())
                .isTrue();
        assertThat(exporter.stored(9_000_000)).isEqualTo(once(1));
    }

    @Test
    void recordsWhatIsWholeWhenItStops() throws IOException {
        Uploader stopping = uploader("mailbox.flush-after", "1h", "intake.group", "stop-" + exporter.mailbox);
        begun();
        exporter.sendAll(exporter.page(0, 5, BYTES));
        // The next mailbox's progress says that the parts before it have been read.
        TestExporter other = new TestExporter(stand, folder.resolve("keys"));
        other.begin();
        stand.await(other.mailbox, AttemptOpened.class);

        Stand.eventually("stopped with its page recorded", () -> {
            stopping.close();
            return true;
        });
        uploaders.remove(stopping);
        uploader("intake.group", "stop-" + exporter.mailbox);

        exporter.end(5);
        assertThat(stand.await(exporter.mailbox, RestorePointRecorded.class).items())
                .isEqualTo(5);
    }

    @Test
    void goesOnAfterAStopInTheMiddleOfAnEnd() throws IOException {
        String group = "end-" + exporter.mailbox;
        Uploader stopping = uploader("intake.group", group, "intake.commit-every", "50ms");
        begun();
        exporter.sendAll(exporter.page(0, 5, BYTES));
        stand.await(exporter.mailbox, PagesStored.class);
        List<byte[]> end = exporter.end(5, 3_000);
        assertThat(end).hasSizeGreaterThan(1);
        exporter.send(end.getFirst());
        // The next mailbox's progress says that the parts before it have been read.
        TestExporter other = begunOther();
        stopping.close();
        uploaders.remove(stopping);

        uploader("intake.group", group);
        exporter.sendAll(end.subList(1, end.size()));

        assertThat(stand.await(exporter.mailbox, RestorePointRecorded.class).items())
                .isEqualTo(5);
        assertThat(stand.told(other.mailbox, PartsRefused.class)).isEmpty();
    }

    /** Its place is free at once, and what it knew is in the log: nothing is taken twice, nothing is refused. */
    @Test
    void givesARestingMailboxsPlaceToAnother() throws IOException {
        uploader("intake.mailboxes-max", "1", "mailbox.idle-after", "1h");
        begun();
        List<byte[]> first = exporter.page(0, 5, BYTES);
        exporter.sendAll(first);
        stand.await(exporter.mailbox, PagesStored.class);
        List<TestExporter> others = List.of(begunOther(), begunOther());
        for (TestExporter other : others) {
            other.sendAll(other.page(0, 3, BYTES));
            stand.await(other.mailbox, PagesStored.class);
        }

        exporter.sendAll(first);
        exporter.sendAll(exporter.page(5, 5, BYTES));
        exporter.end(10);
        for (TestExporter other : others) {
            other.end(3);
        }

        for (TestExporter other : others) {
            assertThat(stand.await(other.mailbox, RestorePointRecorded.class).complete())
                    .isTrue();
        }
        RestorePointRecorded recorded = stand.await(exporter.mailbox, RestorePointRecorded.class);
        assertThat(recorded.items()).isEqualTo(10);
        assertThat(recorded.complete()).isTrue();
        assertThat(exporter.stored(BYTES)).isEqualTo(once(10));
    }

    /** A lane ends on the intake's time, which a failing bucket must not get. */
    @Test
    void asksTheBucketNothingWhenARefusedMailboxMakesPlace() throws IOException {
        uploader("intake.mailboxes-max", "1", "mailbox.idle-after", "1h", "bucket.patience", "1s");
        begun();
        stand.faulty.refuse(line -> line.contains(exporter.mailbox.toString()));
        exporter.sendAll(exporter.page(0, 5, BYTES));
        assertThat(stand.await(exporter.mailbox, PartsRefused.class).reason()).isEqualTo(Refusal.STORE_UNAVAILABLE);
        int before = stand.faulty.refused();

        begunOther();

        assertThat(stand.faulty.refused()).isEqualTo(before);
    }

    @Test
    void readsOnWhenAllPlacesAwaitTheRestOfAPage() throws IOException {
        uploader("intake.mailboxes-max", "1");
        begun();
        List<TestExporter> all = List.of(exporter, begunOther(), begunOther());
        List<List<byte[]>> rests = new ArrayList<>();
        for (TestExporter each : all) {
            List<byte[]> page = each.page(0, 5, BYTES);
            each.send(page.getFirst());
            rests.add(page.subList(1, page.size()));
        }

        for (int i = 0; i < all.size(); i++) {
            all.get(i).sendAll(rests.get(i));
        }

        for (TestExporter each : all) {
            stand.await(each.mailbox, PagesStored.class);
            assertThat(each.stored(BYTES)).isEqualTo(once(5));
        }
    }

    @Test
    void saysWhenARestorePointIsIncomplete() throws IOException {
        uploader();
        begun();
        exporter.sendAll(exporter.page(0, 5, BYTES));
        exporter.end(7);

        assertThat(stand.await(exporter.mailbox, RestorePointRecorded.class).complete())
                .isFalse();
        Body body = exporter.restorePoints().getFirst().body();
        assertThat(body)
                .isInstanceOfSatisfying(
                        Body.RestorePointRecorded.class,
                        point -> assertThat(point.incompleteBecause()).isNotEmpty());
    }

    /** Nothing of it is remembered but in the log. */
    @Test
    void knowsAnAttemptThatEndedBeforeOthersDid() throws IOException {
        uploader();
        begun();
        AttemptId first = exporter.attempt;
        exporter.sendAll(exporter.page(0, 5, BYTES));
        List<byte[]> end = exporter.end(5, 0);
        exporter.sendAll(end);
        RestorePointRecorded recorded = stand.await(exporter.mailbox, RestorePointRecorded.class);
        exporter.beginAnew();
        exporter.end(5);
        awaitRestorePoints(2);

        exporter.sendAll(end);
        awaitRestorePoints(3);
        exporter.attempt = first;
        exporter.begin();

        assertThat(stand.told(exporter.mailbox, RestorePointRecorded.class).filter(recorded::equals))
                .hasSize(2);
        assertThat(stand.await(exporter.mailbox, PartsRefused.class).reason()).isEqualTo(Refusal.ATTEMPT_CLOSED);
        assertThat(exporter.restorePoints()).hasSize(2);
    }

    /** The front holds the first up for a while, so that another would be seen beside it. */
    @Test
    void countsAsManyRestorePointsAtATimeAsItMay() throws IOException {
        uploader("mailbox.counting-max", "1");
        List<TestExporter> all = List.of(begunOther(), begunOther(), begunOther());
        for (TestExporter each : all) {
            each.sendAll(each.page(0, 3, BYTES));
            stand.await(each.mailbox, PagesStored.class);
        }
        Set<String> counting = ConcurrentHashMap.newKeySet();
        AtomicInteger most = new AtomicInteger();
        stand.faulty.refuse(line -> {
            String mailbox = line.replaceFirst(".*/m/([^/]+)/.*", "$1");
            if (line.startsWith("GET") && line.contains("/index/") && counting.add(mailbox)) {
                boolean first = most.getAndAccumulate(counting.size(), Math::max) == 0;
                long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
                while (first && counting.size() == 1 && System.nanoTime() < until) {
                    LockSupport.parkNanos(10_000_000);
                }
            } else if (line.startsWith("PUT") && line.contains("/log/")) {
                counting.remove(mailbox);
            }
            return false;
        });

        all.forEach(each -> each.end(3));

        for (TestExporter each : all) {
            stand.await(each.mailbox, RestorePointRecorded.class);
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void cleansScratchAtStart() throws IOException {
        Path scratch = Files.createDirectories(folder.resolve("left-" + exporter.mailbox));
        Files.write(scratch.resolve("pack-of-a-crash"), new byte[10]);

        uploader("scratch.directory", scratch.toString());

        try (Stream<Path> files = Files.list(scratch)) {
            assertThat(files).isEmpty();
        }
    }

    private Uploader uploader(String... settings) throws IOException {
        Uploader uploader = stand.uploader(settings);
        uploaders.add(uploader);
        return uploader;
    }

    private void begun() {
        exporter.begin();
        stand.await(exporter.mailbox, AttemptOpened.class);
    }

    private static TestExporter begunOther() {
        TestExporter other = new TestExporter(stand, folder.resolve("keys"));
        other.begin();
        stand.await(other.mailbox, AttemptOpened.class);
        return other;
    }

    private void awaitOpened(AttemptId attempt) {
        Stand.eventually(
                "opened",
                () -> stand.told(exporter.mailbox, AttemptOpened.class)
                        .anyMatch(opened -> opened.attempt().equals(attempt)));
    }

    private void awaitRestorePoints(int number) {
        Stand.eventually(
                number + " restore points told",
                () -> stand.told(exporter.mailbox, RestorePointRecorded.class).count() == number);
    }

    private static ConsumerRecord<byte[], byte[]> deadLetterOf(TestExporter exporter) {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> kafka = consumer()) {
            kafka.assign(List.of(new TopicPartition(Topic.ITEMS + ".dlq", 0)));
            kafka.seekToBeginning(kafka.assignment());
            Stand.eventually("dead letter", () -> {
                kafka.poll(Duration.ofMillis(100)).forEach(letter -> {
                    if (new String(letter.key(), StandardCharsets.UTF_8).equals(exporter.mailbox.toString())) {
                        letters.add(letter);
                    }
                });
                return !letters.isEmpty();
            });
        }
        return letters.getFirst();
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", stand.kafka.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static Map<String, Integer> once(int items) {
        return IntStream.range(0, items).boxed().collect(Collectors.toMap(i -> "I" + i, i -> 1));
    }
}
