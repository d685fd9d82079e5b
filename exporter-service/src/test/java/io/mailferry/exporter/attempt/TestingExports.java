package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.exporter.credential.TestingCredentials;
import io.mailferry.exporter.transfer.TestingTransfer;
import io.mailferry.exporter.transfer.TransferSettings;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/** Exports that come to nothing: no tenant has keys, so each fails with KeyMissing before anything is asked of anybody. */
public final class TestingExports implements AutoCloseable {
    private final ObjectStore store = new ObjectStore(
            StoreSettings.of(URI.create("http://127.0.0.1:1"), "bucket", "access-key", "secret-key", "region"));
    private final TestingTransfer transfer;
    private final MailboxExports exports;

    public TestingExports(Path directory) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(AttemptSettings.class, "mailferry.attempt")
                .withMapping(TransferSettings.class, "mailferry.transfer")
                .withDefaultValue("mailferry.transfer.bootstrap", "127.0.0.1:1")
                .build();
        transfer = new TestingTransfer(config.getConfigMapping(TransferSettings.class, "mailferry.transfer"));
        exports = new MailboxExports(
                store,
                TenantKeys.open(directory, false),
                TestingCredentials.in(directory),
                transfer.window(),
                config.getConfigMapping(AttemptSettings.class, "mailferry.attempt"),
                Clock.systemUTC(),
                new Random(5));
    }

    public MailboxExports exports() {
        return exports;
    }

    @Override
    public void close() {
        transfer.close();
        store.close();
    }
}
