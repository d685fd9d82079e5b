package io.mailferry.archive.restorepoint;

import static io.mailferry.archive.restorepoint.GoldenMailbox.INBOX;
import static io.mailferry.archive.restorepoint.GoldenMailbox.SENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.page.AttemptEnd;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mailbox of two attempts in a real bucket; each test spoils one thing and expects it to be found and named. */
class RestorePointVerifierIT {
    @TempDir
    static Path folder;

    private static S3Server server;
    private static ObjectStore store;
    private static final TenantId TENANT = TenantId.random();

    private TenantKeys keys;
    private GoldenMailbox mailbox;
    private RestorePointId first;
    private RestorePointId second;

    @BeforeAll
    static void start() {
        server = S3Server.start(folder.resolve("s3"));
        store = store(server.endpoint());
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @BeforeEach
    void write() throws IOException {
        keys = TenantKeys.open(folder.resolve("keys"), true);
        mailbox = golden();
        mailbox.begin();
        mailbox.hierarchy(INBOX, SENT);
        mailbox.page(INBOX, page -> {
            mailbox.content(page, INBOX, "a", 10, false);
            mailbox.content(page, INBOX, "b", 100_000, false);
            mailbox.content(page, INBOX, "large", 3_000_000, false);
            mailbox.skip(page, INBOX, "spoiled");
        });
        mailbox.page(SENT, page -> mailbox.content(page, SENT, "c", 0, false));
        first = mailbox.end(INBOX, SENT);
        mailbox.begin();
        mailbox.page(INBOX, page -> {
            mailbox.content(page, INBOX, "a", 20, true);
            mailbox.deletion(page, INBOX, "b");
            mailbox.readFlag(page, INBOX, "large");
            mailbox.content(page, INBOX, "d", 5_000, false);
        });
        second = mailbox.end(INBOX, SENT);
    }

    @AfterEach
    void leavesNoScratchBehind() throws IOException {
        try (var files = Files.list(folder.resolve("scratch"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void provesTheNewestRestorePoint() {
        Finding finding = found(Optional.empty());
        assertThat(finding.named()).isEmpty();
        assertThat(finding.damages()).isEmpty();
        assertThat(finding.restorePoint()).isEqualTo(second);
        assertThat(finding.complete()).as("%s", finding.incompleteBecause()).isTrue();
        assertThat(finding.items()).isEqualTo(5);
        assertThat(finding.bytes()).isEqualTo(20 + 100_000 + 3_000_000 + 5_000);
        assertThat(finding.skipped()).isEqualTo(Map.of(SkipCause.ITEM_CORRUPT, 1L));
    }

    @Test
    void provesAnOlderRestorePoint() {
        Finding finding = found(Optional.of(first));
        assertThat(finding.damages()).isEmpty();
        assertThat(finding.restorePoint()).isEqualTo(first);
        assertThat(finding.items()).isEqualTo(4);
        assertThat(finding.bytes()).isEqualTo(10 + 100_000 + 3_000_000);
    }

    @Test
    void leavesOutWhatWasDeletedBeforeThePreviousRestorePoint() throws IOException {
        mailbox.begin();
        mailbox.end(INBOX, SENT);
        Finding finding = found(Optional.empty());
        assertThat(finding.damages()).isEmpty();
        assertThat(finding.complete()).isTrue();
        assertThat(finding.items()).isEqualTo(4);
    }

    @Test
    void readsManySegmentsWithFewOpen() {
        ReadLimits few =
                new ReadLimits(folder.resolve("scratch"), 1 << 24, 2, 1_000, 1_000, 0, 2, Duration.ofMillis(10));
        Finding finding = found(verify(keys, mailbox, Optional.empty(), few));
        assertThat(finding.damages()).isEmpty();
        assertThat(finding.items()).isEqualTo(5);
    }

    @Test
    void saysWhenScratchDoesNotSuffice() {
        ReadLimits small = new ReadLimits(folder.resolve("scratch"), 100, 8, 1_000, 1_000, 0, 2, Duration.ofMillis(10));
        assertThat(verify(keys, mailbox, Optional.empty(), small)).isEqualTo(new Verdict.ScratchExhausted());
    }

    @Test
    void saysWhenThereIsNoSuchRestorePoint() {
        assertThat(verify(keys, mailbox, Optional.of(RestorePointId.random()), limits()))
                .isEqualTo(new Verdict.NoRestorePoint());
        RestorePointVerifier verifier = new RestorePointVerifier(store, keys, limits(), 10);
        assertThat(verifier.verify(TENANT, MailboxId.random(), Optional.empty(), new Counted()))
                .isEqualTo(new Verdict.NoRestorePoint());
    }

    @Test
    void findsAFlippedByteInAPack() throws IOException {
        flip(mailbox.packs.get(1), Files.size(file(mailbox.packs.get(1))) / 2);
        Finding finding = found(Optional.empty());
        assertThat(finding.named())
                .containsExactly(new FoundDamage(
                        mailbox.packs.get(1), Optional.of(mailbox.item("large")), DamageCause.CHECKSUM_MISMATCH));
        assertThat(finding.items()).isEqualTo(4);
    }

    @Test
    void findsAPackThatIsCutShort() throws IOException {
        Path pack = file(mailbox.packs.get(1));
        byte[] bytes = Files.readAllBytes(pack);
        Files.write(pack, Arrays.copyOf(bytes, bytes.length / 2));
        Finding finding = found(Optional.empty());
        assertThat(finding.named()).allSatisfy(damage -> {
            assertThat(damage.object()).isEqualTo(mailbox.packs.get(1));
            assertThat(damage.cause()).isIn(DamageCause.CHECKSUM_MISMATCH, DamageCause.MISSING_OBJECT);
        });
        assertThat(finding.damaged()).isEqualTo(2);
        assertThat(finding.items()).isEqualTo(4);
    }

    @Test
    void findsAMissingPack() throws IOException {
        Files.delete(file(mailbox.packs.get(2)));
        assertThat(found(Optional.empty()).named())
                .containsExactly(new FoundDamage(
                        mailbox.packs.get(2), Optional.of(mailbox.item("c")), DamageCause.MISSING_OBJECT));
    }

    @Test
    void findsSwappedSegments() throws IOException {
        Path one = file(mailbox.segments.get(1));
        Path other = file(mailbox.segments.get(2));
        byte[] bytes = Files.readAllBytes(one);
        Files.write(one, Files.readAllBytes(other));
        Files.write(other, bytes);
        Finding finding = found(Optional.empty());
        assertThat(finding.named())
                .contains(
                        new FoundDamage(mailbox.segments.get(1), Optional.empty(), DamageCause.CHECKSUM_MISMATCH),
                        new FoundDamage(mailbox.segments.get(2), Optional.empty(), DamageCause.CHECKSUM_MISMATCH));
        assertThat(finding.complete()).isFalse();
    }

    @Test
    void findsAMissingSegment() throws IOException {
        Files.delete(file(mailbox.segments.get(1)));
        assertThat(found(Optional.empty()).named())
                .contains(new FoundDamage(mailbox.segments.get(1), Optional.empty(), DamageCause.MISSING_OBJECT));
    }

    @Test
    void findsAForgedLogEntry() throws IOException {
        replace(3, "\"items\":3", "\"items\":4");
        Finding finding = found(Optional.empty());
        assertThat(finding.restorePoint()).isEqualTo(second);
        assertThat(finding.named())
                .containsExactly(
                        new FoundDamage(mailbox.place.logEntry(4), Optional.empty(), DamageCause.FORGED_LOG_ENTRY));
    }

    @Test
    void findsARemovedLogEntry() throws IOException {
        Files.delete(file(mailbox.place.logEntry(3)));
        assertThat(found(Optional.empty()).named())
                .containsExactly(new FoundDamage(mailbox.place.logEntry(3), Optional.empty(), DamageCause.LOG_HOLE));
        assertThat(found(Optional.of(first)).named())
                .containsExactly(new FoundDamage(mailbox.place.logEntry(3), Optional.empty(), DamageCause.LOG_HOLE));
    }

    @Test
    void refusesALogEntryOfALaterVersion() throws IOException {
        replace(mailbox.logNumber(), "\"format\":1", "\"format\":2");
        assertThat(found(Optional.empty()).named())
                .contains(new FoundDamage(
                        mailbox.place.logEntry(mailbox.logNumber()), Optional.empty(), DamageCause.UNKNOWN_FORMAT));
    }

    @Test
    void findsForgedCountsOfTheNewestEntry() throws IOException {
        replace(mailbox.logNumber(), "\"live\":4", "\"live\":3");
        Finding finding = found(Optional.empty());
        assertThat(finding.named())
                .containsExactly(new FoundDamage(
                        mailbox.place.logEntry(mailbox.logNumber()), Optional.empty(), DamageCause.COUNT_MISMATCH));
        assertThat(finding.items()).isEqualTo(5);
    }

    @Test
    void findsAForgedWitness() throws IOException {
        replace(mailbox.logNumber(), "\"totalBefore\":4", "\"totalBefore\":3");
        assertThat(found(Optional.empty()).damages()).containsKey(DamageCause.FORGED_WITNESS);
    }

    @Test
    void findsAWitnessThatAnotherKeySigned() throws IOException {
        var foreign = keys.keyEncryption(TenantId.random());
        var mac = foreign.mac(foreign.newMac());
        AttemptPlace place = new AttemptPlace(TENANT, mailbox.place.mailbox(), AttemptId.random());
        mailbox.begin();
        mailbox.record(AttemptEnd.signed(mac, place, List.of(), List.of(), List.of()));
        assertThat(found(Optional.empty()).damages()).containsKey(DamageCause.FORGED_WITNESS);
    }

    @Test
    void findsAWrongKey() throws IOException {
        TenantKeys wrong = TenantKeys.open(folder.resolve("other-keys"), true);
        Finding finding = found(verify(wrong, mailbox, Optional.empty(), limits()));
        assertThat(finding.restorePoint()).isEqualTo(second);
        assertThat(finding.named())
                .containsExactlyInAnyOrder(
                        new FoundDamage(mailbox.place.macKey(), Optional.empty(), DamageCause.WRONG_KEY),
                        new FoundDamage(mailbox.place.sealingKey(), Optional.empty(), DamageCause.WRONG_KEY));
    }

    @Test
    void saysWhenTheKeyIsNotThere() {
        TenantKeys none = TenantKeys.open(folder.resolve("no-keys"), false);
        assertThat(verify(none, mailbox, Optional.empty(), limits())).isEqualTo(new Verdict.KeyAbsent("kek.json"));
    }

    @Test
    void saysWhenTheKeyIsNoKey() throws IOException {
        Path broken = folder.resolve("broken-keys").resolve(TENANT.toString());
        Files.createDirectories(broken);
        Files.writeString(broken.resolve("kek.json"), "{}");
        TenantKeys none = TenantKeys.open(folder.resolve("broken-keys"), false);
        assertThat(verify(none, mailbox, Optional.empty(), limits())).isEqualTo(new Verdict.KeyUnreadable("kek.json"));
    }

    @Test
    void findsAnotherMailboxsKey() throws IOException {
        GoldenMailbox other = golden();
        Files.copy(
                file(other.place.sealingKey()), file(mailbox.place.sealingKey()), StandardCopyOption.REPLACE_EXISTING);
        assertThat(found(Optional.empty()).named())
                .containsExactly(new FoundDamage(mailbox.place.sealingKey(), Optional.empty(), DamageCause.WRONG_KEY));
    }

    @Test
    void findsAnotherMailboxsPack() throws IOException {
        GoldenMailbox other = golden();
        other.begin();
        other.page(SENT, page -> other.content(page, SENT, "c", 0, false));
        Files.write(file(mailbox.packs.get(2)), Files.readAllBytes(file(other.packs.getFirst())));
        assertThat(found(Optional.empty()).named())
                .containsExactly(new FoundDamage(
                        mailbox.packs.get(2), Optional.of(mailbox.item("c")), DamageCause.CHECKSUM_MISMATCH));
    }

    @Test
    void stopsWhenItsCallerGivesUp() {
        Counted progress = new Counted();
        progress.stopped = true;
        RestorePointVerifier verifier = new RestorePointVerifier(store, keys, limits(), 10);
        assertThat(verifier.verify(TENANT, mailbox.place.mailbox(), Optional.empty(), progress))
                .isEqualTo(new Verdict.Stopped());
    }

    @Test
    void tellsHowFarItIs() {
        Counted progress = new Counted();
        new RestorePointVerifier(store, keys, limits(), 10)
                .verify(TENANT, mailbox.place.mailbox(), Optional.empty(), progress);
        assertThat(progress.expected).isEqualTo(5);
        assertThat(progress.items).isEqualTo(5);
        assertThat(progress.bytes).isEqualTo(20 + 100_000 + 3_000_000 + 5_000);
    }

    @Test
    void saysNothingOfTheRestorePointWhileTheStoreIsAway() {
        try (ObjectStore away = store("http://127.0.0.1:9")) {
            RestorePointVerifier verifier = new RestorePointVerifier(away, keys, limits(), 10);
            assertThat(verifier.verify(TENANT, mailbox.place.mailbox(), Optional.empty(), new Counted()))
                    .isInstanceOf(Verdict.StoreFailed.class);
        }
    }

    private GoldenMailbox golden() throws IOException {
        return new GoldenMailbox(store, keys.keyEncryption(TENANT), TENANT, folder.resolve("scratch"));
    }

    private Finding found(Optional<RestorePointId> wanted) {
        return found(verify(keys, mailbox, wanted, limits()));
    }

    private static Finding found(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Found.class);
        return ((Verdict.Found) verdict).finding();
    }

    private static Verdict verify(
            TenantKeys with, GoldenMailbox of, Optional<RestorePointId> wanted, ReadLimits limits) {
        return new RestorePointVerifier(store, with, limits, 10)
                .verify(TENANT, of.place.mailbox(), wanted, new Counted());
    }

    private static ReadLimits limits() {
        return new ReadLimits(
                folder.resolve("scratch"), 1 << 24, 8, 1 << 20, 1 << 20, 1 << 16, 2, Duration.ofMillis(10));
    }

    private static ObjectStore store(String endpoint) {
        return new ObjectStore(StoreSettings.of(
                URI.create(endpoint), server.bucket(), server.accessKey(), server.secretKey(), server.region()));
    }

    private static Path file(String object) {
        return server.data().resolve(object);
    }

    private static void flip(String object, long position) throws IOException {
        byte[] bytes = Files.readAllBytes(file(object));
        bytes[(int) position] ^= 1;
        Files.write(file(object), bytes);
    }

    private void replace(long logNumber, String text, String by) throws IOException {
        Path entry = file(mailbox.place.logEntry(logNumber));
        String before = Files.readString(entry);
        assertThat(before).contains(text);
        Files.writeString(entry, before.replace(text, by));
    }

    private static final class Counted implements VerificationProgress {
        private long expected;
        private long items;
        private long bytes;
        private boolean stopped;

        @Override
        public void expected(long count) {
            expected = count;
        }

        @Override
        public void verified(long itemBytes) {
            items++;
            bytes += itemBytes;
        }

        @Override
        public boolean stopped() {
            return stopped;
        }
    }
}
