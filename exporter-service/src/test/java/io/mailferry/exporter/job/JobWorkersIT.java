package io.mailferry.exporter.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.transition.TransitionCommand.ExportMailbox;
import io.mailferry.exporter.attempt.TestingExports;
import io.mailferry.exporter.slot.SlotSettings;
import io.mailferry.exporter.slot.TestingSlots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What a worker makes of a job when something comes between. */
@Timeout(60)
final class JobWorkersIT {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final TenantId tenant = TenantId.random();

    /** As a pool behaves; the worker is interrupted in the middle of its second transaction, which ends its turn. */
    private static final class InterruptedAtTheEnd extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;

        private final AtomicInteger transactions = new AtomicInteger();

        @Override
        public Connection getConnection() throws SQLException {
            if (Thread.currentThread().getName().equals("export-0") && transactions.incrementAndGet() == 2) {
                Thread.currentThread().interrupt();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("interrupted");
            }
            return super.getConnection();
        }
    }

    @Test
    void writesATurnsEndThoughItIsInterruptedMeanwhile(@TempDir Path directory) throws Exception {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(JobSettings.class, "mailferry.jobs")
                .withMapping(SlotSettings.class, "mailferry.slots")
                .withDefaultValue("mailferry.jobs.workers", "1")
                .withDefaultValue("mailferry.jobs.lease", "PT2S")
                .withDefaultValue("mailferry.jobs.pause-first", "PT0.05S")
                .build();
        JobSettings settings = config.getConfigMapping(JobSettings.class, "mailferry.jobs");
        JobMetrics metrics = new JobMetrics(new SimpleMeterRegistry());
        try (TestingDatabase database = TestingDatabase.start(directory.resolve("postgres"));
                TestingExports exports = new TestingExports(directory.resolve("no-keys"))) {
            Jobs jobs = new Jobs(
                    database.transactions(new InterruptedAtTheEnd()),
                    new JobTable(),
                    TestingSlots.of(config.getConfigMapping(SlotSettings.class, "mailferry.slots")),
                    settings,
                    metrics,
                    Clock.systemUTC());
            jobs.on(EventId.random(), command());
            JobWorkers workers = new JobWorkers(jobs, exports.exports(), settings, metrics);

            workers.start(new StartupEvent());
            try {
                Job job = ended(jobs);

                assertThat(job.state()).isInstanceOfSatisfying(JobState.Failed.class, failed -> {
                    assertThat(failed.category()).isEqualTo(FailureCategory.PERMANENT);
                    assertThat(failed.cause()).isEqualTo("KeyMissing");
                });
                assertThat(job.turns()).isEqualTo(1);
            } finally {
                workers.stop(new ShutdownEvent());
            }
        }
    }

    private Job ended(Jobs jobs) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            Job job = jobs.list(tenant, Optional.empty()).getFirst();
            if (job.state() instanceof JobState.Failed || System.nanoTime() > deadline) {
                return job;
            }
            Thread.onSpinWait();
        }
    }

    private ExportMailbox command() {
        return new ExportMailbox(
                CommandId.random(),
                tenant,
                ServerId.random(),
                MailboxId.random(),
                Optional.empty(),
                new SealedAddress("c2VhbGVk"),
                new EwsEndpoint(
                        "https://mail.example.org/EWS/Exchange.asmx",
                        new Trust.SystemAuthorities(),
                        "account",
                        true,
                        false),
                Clock.systemUTC().instant().plus(Duration.ofHours(1)));
    }
}
