package io.mailferry.uploader;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.archive.store.FaultyStore;
import io.mailferry.stack.S3Server;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a whole, where it must not go on: it ends with an exit code and says what to do. */
@QuarkusMainTest
class UploaderLifecycleIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private static S3Server s3;
    private static FaultyStore front;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeAll
    static void startStore() throws IOException {
        s3 = S3Server.start(folder.resolve("s3"));
        front = new FaultyStore(s3.port());
    }

    @AfterAll
    static void stopStore() throws IOException {
        front.close();
        s3.close();
    }

    @BeforeEach
    void configure() {
        settings.putAll(s3.environment());
        settings.put("MAILFERRY_S3_ENDPOINT", front.endpoint());
        // Nothing listens there, and nobody is asked before the bucket is checked.
        settings.put("MAILFERRY_KAFKA", "127.0.0.1:1");
        settings.put("MAILFERRY_SCRATCH_DIRECTORY", folder.resolve("scratch").toString());
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        settings.put("mailferry.bucket.pause-min", "50ms");
    }

    @AfterEach
    void forget() {
        settings.keySet().forEach(System::clearProperty);
    }

    @Test
    void refusesABucketWhoseServerLetsSeveralWritersWin(QuarkusMainLauncher launcher) {
        front.letEveryWriterWin();

        LaunchResult ended = launch(launcher);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.getOutput())
                .contains("The bucket is refused: 8 of 8")
                .contains("use a store or server version with atomic conditional PUT")
                .doesNotContain("Uploading");
    }

    @Test
    void endsWhenTheCheckItselfFails(QuarkusMainLauncher launcher) {
        settings.put("mailferry.bucket.check-writers", "0");

        LaunchResult ended = launch(launcher);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.getOutput()).contains("The uploader cannot start").doesNotContain("Uploading");
    }

    @Test
    void endsWhenTheBucketCannotBeReached(QuarkusMainLauncher launcher) {
        front.refuse(_ -> true);
        settings.put("mailferry.bucket.patience", "1s");

        LaunchResult ended = launch(launcher);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.getOutput()).contains("The bucket cannot be reached").doesNotContain("Uploading");
    }

    /** In a thread of its own: a service that does not end waits without regard to interrupts. */
    private LaunchResult launch(QuarkusMainLauncher launcher) {
        settings.forEach(System::setProperty);
        FutureTask<LaunchResult> launched = new FutureTask<>(launcher::launch);
        Thread thread = Thread.ofPlatform().daemon().name("launched").unstarted(launched);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        try {
            return launched.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the service has not ended", e);
        } finally {
            front.heal();
        }
    }
}
