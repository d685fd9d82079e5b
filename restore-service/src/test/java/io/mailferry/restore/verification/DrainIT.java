package io.mailferry.restore.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.restorepoint.ReadLimits;
import io.mailferry.archive.restorepoint.RestorePointVerifier;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.mailferry.restore.RestoreParts;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers of this test's own that are asked to stop while a store hangs in the middle of an answer. */
@QuarkusTest
@QuarkusTestResource(RestoreParts.class)
class DrainIT {
    /** When the service's own workers do not take the job yet. */
    private static final Instant LATER =
            Instant.now().truncatedTo(ChronoUnit.MICROS).plus(20, ChronoUnit.MINUTES);

    @TempDir
    Path folder;

    @Inject
    TenantTransactions transactions;

    @Inject
    VerificationTable table;

    @Inject
    VerificationMetrics metrics;

    @Inject
    VerificationSettings settings;

    private final TenantId tenant = TenantId.random();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer hanging;
    private ObjectStore store;

    @BeforeEach
    void startHangingStore() throws IOException {
        hanging = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hanging.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        hanging.createContext("/", exchange -> {
            asked.countDown();
            try {
                released.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        hanging.start();
        URI endpoint = URI.create("http://127.0.0.1:" + hanging.getAddress().getPort());
        store = new ObjectStore(StoreSettings.of(endpoint, "bucket", "access", "secret", "us-east-1"));
    }

    @AfterEach
    void release() {
        released.countDown();
        store.close();
        hanging.stop(0);
    }

    @Test
    void handsBackWhatDoesNotNoticeInTimeAndIgnoresWhatItSaysLater() throws Exception {
        Verification job = queued();
        VerificationWorkers workers = workers();
        workers.start(new StartupEvent());
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(find(job).state()).isInstanceOf(VerificationState.Running.class);
        assertThat(find(job).attempts()).isEqualTo(1);

        workers.stop(new ShutdownEvent());

        VerificationState.Queued again = new VerificationState.Queued(LATER);
        assertThat(find(job).state()).isEqualTo(again);
        assertThat(find(job).attempts()).isZero();
        released.countDown();
        workers.stop(new ShutdownEvent());
        assertThat(find(job).state()).isEqualTo(again);
        assertThat(find(job).attempts()).isZero();
        assertThat(find(job).handedBack()).isEqualTo(1);
    }

    private VerificationWorkers workers() {
        ReadLimits usual = ReadLimits.in(folder.resolve("scratch"));
        ReadLimits impatient = new ReadLimits(
                usual.scratch(),
                usual.scratchBytesMax(),
                usual.openMax(),
                usual.sortBytesMax(),
                usual.stretchBytesMax(),
                usual.gapBytesMax(),
                1,
                usual.pause());
        VerificationSettings brief = new BriefSettings(settings);
        return new VerificationWorkers(
                new Turns(transactions, table, brief, metrics, Clock.fixed(LATER, ZoneOffset.UTC)),
                new RestorePointVerifier(store, TenantKeys.open(folder.resolve("keys"), true), impatient, 1),
                brief,
                metrics);
    }

    private Verification queued() {
        Verification job = new Verification(
                JobId.random(),
                tenant,
                MailboxId.random(),
                Optional.empty(),
                Optional.empty(),
                LATER,
                0,
                0,
                new VerificationState.Queued(LATER));
        transactions.useTenant(
                tenant,
                transaction ->
                        assertThat(table.insert(transaction.handle(), job)).isTrue());
        return job;
    }

    private Verification find(Verification job) {
        return transactions.inTenant(
                tenant,
                transaction -> table.find(transaction.handle(), job.job()).orElseThrow());
    }

    /** The service's settings, with little time to stop. */
    private record BriefSettings(VerificationSettings usual) implements VerificationSettings {
        @Override
        public int workers() {
            return 4;
        }

        @Override
        public Duration drain() {
            return Duration.ofMillis(200);
        }

        @Override
        public Duration progressEvery() {
            return usual.progressEvery();
        }

        @Override
        public Duration lease() {
            return usual.lease();
        }

        @Override
        public Duration poll() {
            return usual.poll();
        }

        @Override
        public int attemptsMax() {
            return usual.attemptsMax();
        }

        @Override
        public Duration pauseFirst() {
            return usual.pauseFirst();
        }

        @Override
        public Duration pauseMax() {
            return usual.pauseMax();
        }
    }
}
