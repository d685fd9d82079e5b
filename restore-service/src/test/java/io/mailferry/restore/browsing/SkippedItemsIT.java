package io.mailferry.restore.browsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.access.problem.Problem;
import io.mailferry.access.problem.ProblemException;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.restorepoint.GoldenMailbox;
import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a caller is told when the skipped items cannot be read. */
class SkippedItemsIT {
    @TempDir
    Path folder;

    private final TenantId tenant = TenantId.random();
    private S3Server s3;
    private ObjectStore store;
    private TenantKeys keys;
    private GoldenMailbox mailbox;
    private RestorePointId restorePoint;

    @BeforeEach
    void write() throws IOException {
        s3 = S3Server.start(folder.resolve("s3"));
        store = new ObjectStore(
                StoreSettings.of(URI.create(s3.endpoint()), s3.bucket(), s3.accessKey(), s3.secretKey(), s3.region()));
        keys = TenantKeys.open(Files.createDirectories(folder.resolve("keys")), true);
        mailbox = new GoldenMailbox(store, keys.keyEncryption(tenant), tenant, folder.resolve("mailbox"));
        mailbox.begin();
        mailbox.page(GoldenMailbox.INBOX, page -> mailbox.skip(page, GoldenMailbox.INBOX, "spoiled"));
        restorePoint = mailbox.end(GoldenMailbox.INBOX);
    }

    @AfterEach
    void close() {
        store.close();
        s3.close();
    }

    @Test
    void namesTheSettingWhenTheIndexIsLargerThanScratchMayBe() {
        assertThat(items(folder.resolve("scratch"), 1_000_000)
                        .of(tenant, mailbox.place.mailbox(), restorePoint, 0)
                        .items())
                .hasSize(1);

        Problem told = told(items(folder.resolve("scratch"), 10));

        assertThat(told.status()).isEqualTo(409);
        assertThat(told.detail()).contains("mailferry.read.scratch-max");
    }

    @Test
    void namesTheFolderWhenItCannotBeUsed() throws IOException {
        Path file = Files.createFile(folder.resolve("no-folder"));

        Problem told = told(items(file, 1_000_000));

        assertThat(told.status()).isEqualTo(503);
        assertThat(told.detail()).contains("mailferry.read.scratch-directory").doesNotContain("object store");
    }

    @Test
    void blamesTheStoreWhenItIsAway() {
        SkippedItems items = items(folder.resolve("scratch"), 1_000_000);
        s3.close();

        Problem told = told(items);

        assertThat(told.status()).isEqualTo(503);
        assertThat(told.detail()).contains("object store").doesNotContain("scratch");
    }

    @Test
    void tellsManyInPartsEachOnce() throws IOException {
        mailbox.begin();
        mailbox.page(GoldenMailbox.INBOX, page -> {
            for (int item = 1; item < 5; item++) {
                mailbox.skip(page, GoldenMailbox.INBOX, "spoiled " + item);
            }
        });
        RestorePointId five = mailbox.end(GoldenMailbox.INBOX);
        SkippedItems items = items(folder.resolve("scratch"), 1_000_000);

        List<String> told = new ArrayList<>();
        SkippedItems.Part part;
        do {
            part = items.of(tenant, mailbox.place.mailbox(), five, told.size());
            assertThat(part.items()).hasSizeBetween(1, 2);
            part.items().forEach(item -> told.add(item.itemId()));
        } while (part.more());

        assertThat(told).containsExactlyInAnyOrder("spoiled", "spoiled 1", "spoiled 2", "spoiled 3", "spoiled 4");
        assertThat(items.of(tenant, mailbox.place.mailbox(), five, 5).items()).isEmpty();
    }

    private Problem told(SkippedItems items) {
        Problem[] told = new Problem[1];
        assertThatThrownBy(() -> items.of(tenant, mailbox.place.mailbox(), restorePoint, 0))
                .isInstanceOfSatisfying(ProblemException.class, thrown -> told[0] = thrown.problem());
        return told[0];
    }

    private SkippedItems items(Path scratch, long scratchBytesMax) {
        ReadLimits limits =
                new ReadLimits(scratch, scratchBytesMax, 4, 1_000_000, 1_000_000, 1_000, 1, Duration.ofMillis(1));
        return new SkippedItems(store, keys, limits, Clock.systemUTC(), new BrowsingSettings() {
            @Override
            public int skippedItemsAtOnce() {
                return 1;
            }

            @Override
            public Duration skippedItemsWait() {
                return Duration.ZERO;
            }

            @Override
            public int skippedItemsMax() {
                return 2;
            }

            @Override
            public int restorePointsAtOnce() {
                return 1;
            }

            @Override
            public Duration restorePointsWait() {
                return Duration.ZERO;
            }
        });
    }
}
