package io.mailferry.uploader.bucket;

import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.exchange.FailureCategory;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Asks the object store again while a failure may pass: the only place where this service does. How long depends on the
 * failure's category; only the caller waits.
 */
public final class PatientStore {
    private final ObjectStore store;
    private final BucketSettings settings;
    private final RandomGenerator random;
    private final MeterRegistry meters;
    private final Semaphore packPuts;

    public PatientStore(ObjectStore store, BucketSettings settings, RandomGenerator random, MeterRegistry meters) {
        this.store = store;
        this.settings = settings;
        this.random = random;
        this.meters = meters;
        this.packPuts = new Semaphore(settings.packPutsMax());
    }

    /** The settings in the form the archive wants. */
    public static StoreSettings storeSettings(BucketSettings settings) {
        return new StoreSettings(
                settings.endpoint(),
                settings.name(),
                settings.accessKey(),
                settings.secretKey(),
                settings.region(),
                settings.connectTimeout(),
                settings.idleTimeout(),
                settings.callTimeout(),
                settings.connectionsMax());
    }

    /** Something that asks the store and may be asked again from its beginning. */
    public interface Call<T> {
        T run() throws IOException;
    }

    public ObjectStore store() {
        return store;
    }

    /** One of a few packs put at a time. */
    public <T> T putPack(Call<T> call) throws IOException, InterruptedException {
        packPuts.acquire();
        try {
            return patiently(call);
        } finally {
            packPuts.release();
        }
    }

    /**
     * @throws StoreGaveUp when patience is at its end
     * @throws IOException what is no failure of the store, at once
     */
    public <T> T patiently(Call<T> call) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Duration pause = settings.pauseMin();
        while (true) {
            try {
                return call.run();
            } catch (StoreFailure e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException("stopped while asking the store");
                }
                count(e);
                Duration spent = Duration.ofNanos(System.nanoTime() - started);
                if (spent.plus(pause).compareTo(patience(e.category())) > 0) {
                    throw new StoreGaveUp(e);
                }
                Thread.sleep(pause.toMillis() / 2 + random.nextLong(1 + pause.toMillis() / 2));
                pause = min(pause.multipliedBy(2), settings.pauseMax());
            }
        }
    }

    private Duration patience(FailureCategory category) {
        return switch (category) {
            case TRANSIENT, THROTTLED -> settings.patience();
            case PERMANENT, POISON -> settings.patienceWhenPermanent();
        };
    }

    private void count(StoreFailure e) {
        meters.counter(
                        "mailferry.uploader.store.failures",
                        "category",
                        e.category().name().toLowerCase(Locale.ROOT),
                        "word",
                        e.word())
                .increment();
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
