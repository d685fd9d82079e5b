package io.mailferry.exporter.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import io.mailferry.archive.store.StoreFailure;
import io.mailferry.archive.store.StoreSettings;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.stack.S3Server;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keysets an attempt offers. Goal: a keyset without which something stored cannot be opened is never made anew. */
final class MailboxKeysIT {
    private static S3Server server;
    private static ObjectStore store;
    private static TenantKeys tenantKeys;
    private static ArchiveReads reads;

    private final TenantId tenant = TenantId.random();
    private final KeyEncryptionKey kek = tenantKeys.keyEncryption(tenant);
    private final MailboxPlace first = new MailboxPlace(tenant, MailboxId.random());
    private final MailboxPlace second = new MailboxPlace(tenant, MailboxId.random());

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = S3Server.start(directory.resolve("s3"));
        store = new ObjectStore(StoreSettings.of(
                URI.create(server.endpoint()),
                server.bucket(),
                server.accessKey(),
                server.secretKey(),
                server.region()));
        tenantKeys = TenantKeys.open(directory.resolve("keys"), true);
        reads = new ArchiveReads(new SmallRyeConfigBuilder()
                .withMapping(AttemptSettings.class, "mailferry.attempt")
                .build()
                .getConfigMapping(AttemptSettings.class, "mailferry.attempt"));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @Test
    void offersTheTenantsKeysetForItsFirstMailboxOnly() {
        AttemptBegin.OfferedKeys forFirst = begin(first, false).keys();

        assertThat(forFirst.mac()).isNotNull();
        assertThat(forFirst.sealing()).isNotNull();
        put(first, forFirst);
        assertThat(begin(first, true).keys()).isNull();

        AttemptBegin.OfferedKeys forSecond = begin(second, true).keys();
        assertThat(forSecond.mac()).isNull();
        assertThat(forSecond.sealing()).isNotNull();
    }

    @Test
    void refusesToMakeALostTenantKeysetAnewForTheNextMailbox() throws Exception {
        put(first, begin(first, false).keys());
        Files.delete(server.data().resolve(first.macKey()));

        assertRefused(second, false);
        assertRefused(first, false);
    }

    @Test
    void refusesToMakeItAnewAlsoWhenTheWholeTenantIsGoneFromTheBucket() throws StoreFailure {
        assertRefused(first, true);

        assertThat(store.holdsAny("t/" + tenant)).isFalse();
    }

    @Test
    void givesTheFirstTwoMailboxesTheSameTenantKeyset() {
        AttemptBegin.OfferedKeys one = begin(first, false).keys();
        AttemptBegin.OfferedKeys other = begin(second, false).keys();
        put(first, one);
        put(second, other);

        assertThat(MailboxKeys.read(store, second, kek, reads).mac().item(first.mailbox(), "id"))
                .isEqualTo(MailboxKeys.read(store, first, kek, reads).mac().item(first.mailbox(), "id"));
    }

    @Test
    void takesTheKeysetOfAMailboxThatBeganWhileItLooked() {
        AttemptBegin.OfferedKeys other = begin(first, false).keys();

        AttemptBegin begin = MailboxKeys.begin(store, second, kek, reads, true, () -> {
            put(first, other);
            return false;
        });

        assertThat(begin.keys().mac()).isNull();
        assertThat(begin.keys().sealing()).isNotNull();
    }

    private AttemptBegin begin(MailboxPlace place, boolean tenantHasArchive) {
        return MailboxKeys.begin(store, place, kek, reads, true, () -> tenantHasArchive);
    }

    private void assertRefused(MailboxPlace place, boolean tenantHasArchive) {
        assertThatThrownBy(() -> begin(place, tenantHasArchive))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining("t/" + tenant + "/keys/mac.json")
                .hasMessageContaining("put the object back into the bucket from its backup");
    }

    /** As the uploader does: the tenant's keyset first, and what is there stays. */
    private static void put(MailboxPlace place, AttemptBegin.OfferedKeys offered) {
        try {
            if (offered.mac() != null) {
                store.putIfAbsent(place.macKey(), offered.mac());
            }
            store.putIfAbsent(place.sealingKey(), offered.sealing());
        } catch (StoreFailure e) {
            throw new UncheckedIOException(e);
        }
    }
}
