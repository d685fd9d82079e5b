package io.mailferry.uploader;

import io.mailferry.archive.store.BucketCheck;
import io.mailferry.uploader.bucket.BucketSettings;
import io.mailferry.uploader.intake.IntakeSettings;
import io.mailferry.uploader.mailbox.MailboxSettings;
import io.mailferry.uploader.scratch.ScratchSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/** Starts the uploader when its bucket has shown that it can bear the archive, and stops it in order. */
@ApplicationScoped
class UploaderLifecycle {
    private static final Logger LOG = Logger.getLogger(UploaderLifecycle.class);

    private enum Phase {
        CHECKING_BUCKET,
        RUNNING,
        FAILED
    }

    private final Uploader uploader;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.CHECKING_BUCKET);

    UploaderLifecycle(
            IntakeSettings intake,
            BucketSettings bucket,
            MailboxSettings mailboxes,
            ScratchSettings scratch,
            MeterRegistry meters)
            throws IOException {
        this.uploader = new Uploader(
                intake, bucket, mailboxes, scratch, Clock.systemUTC(), RandomGenerator.getDefault(), meters);
    }

    void onStart(@Observes StartupEvent event) {
        Thread.ofVirtual().name("bucket-check").start(this::checkThenStart);
    }

    void onStop(@Observes ShutdownEvent event) {
        uploader.close();
    }

    private void checkThenStart() {
        try {
            switch (uploader.checkBucket()) {
                case BucketCheck.Verdict.Suitable ignored -> {
                    uploader.start();
                    phase.set(Phase.RUNNING);
                    LOG.info("Uploading");
                }
                case BucketCheck.Verdict.Refused refused -> {
                    LOG.errorf("The bucket is refused: %s", refused.remedy());
                    fail();
                }
            }
        } catch (IOException e) {
            LOG.errorf("The bucket cannot be reached: %s", e.getMessage());
            fail();
        } catch (RuntimeException e) {
            // Would otherwise end this thread alone, and leave a process that lives and never gets ready.
            LOG.error("The uploader cannot start", e);
            fail();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail() {
        phase.set(Phase.FAILED);
        Quarkus.asyncExit(1);
    }

    @Produces
    @Readiness
    @ApplicationScoped
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("uploading")
                .status(phase.get() == Phase.RUNNING && uploader.alive())
                .build();
    }

    @Produces
    @Liveness
    @ApplicationScoped
    HealthCheck live() {
        return () -> HealthCheckResponse.named("polling")
                .status(phase.get() == Phase.CHECKING_BUCKET || uploader.alive())
                .build();
    }
}
