package io.mailferry.archive.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantKeysTest {
    private final TenantId tenant = TenantId.random();
    private final MailboxId mailbox = MailboxId.random();

    @TempDir
    Path directory;

    @Test
    void sealsEqualAddressesEquallyWhateverTheirCase() {
        DirectoryKey key = TenantKeys.open(directory, true).directory(tenant);

        SealedAddress sealed = key.seal("Ada@Example.org");

        assertThat(sealed).isEqualTo(key.seal("ada@example.ORG"));
        assertThat(sealed.value()).doesNotContainIgnoringCase("ada");
        assertThat(key.open(sealed)).isEqualTo("ada@example.org");
    }

    @Test
    void opensNoAddressOfAnotherTenant() {
        TenantKeys keys = TenantKeys.open(directory, true);
        SealedAddress sealed = keys.directory(tenant).seal("ada@example.org");

        assertThatThrownBy(() -> keys.directory(TenantId.random()).open(sealed)).isInstanceOf(KeyWrong.class);
    }

    @Test
    void namesTenantAndKeyWhenAKeyIsMissing() {
        TenantKeys keys = TenantKeys.open(directory, false);

        assertThatThrownBy(() -> keys.keyEncryption(tenant))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining(tenant.toString())
                .hasMessageContaining("kek.json");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesTenantAndKeyWhenAnotherKeyWrappedTheKeyset() {
        TenantKeys keys = TenantKeys.open(directory, true);
        byte[] wrapped = keys.keyEncryption(tenant).newSealing(mailbox);

        assertThatThrownBy(() -> keys.keyEncryption(TenantId.random()).sealing(mailbox, wrapped))
                .isInstanceOf(KeyWrong.class)
                .hasMessageContaining("sealing.json");
        assertThatThrownBy(() -> keys.keyEncryption(tenant).sealing(MailboxId.random(), wrapped))
                .isInstanceOf(KeyWrong.class)
                .hasMessageContaining(tenant.toString());
    }

    @Test
    void givesEveryoneTheSameKeyWhenSeveralStartAtOnce() throws Exception {
        Callable<SealedAddress> start =
                () -> TenantKeys.open(directory, true).directory(tenant).seal("ada@example.org");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SealedAddress>> sealed = threads.invokeAll(List.of(start, start, start, start, start, start));

            assertThat(sealed).extracting(Future::get).containsOnly(start.call());
        }
    }

    @Test
    void keepsKeyFilesForTheirOwnerOnly() throws IOException {
        TenantKeys.open(directory, true).escrowPublic(tenant);

        try (var files = Files.list(directory.resolve(tenant.toString()))) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void keepsThePrivateHalfOfTheEscrowKeySealed() throws Exception {
        TenantKeys keys = TenantKeys.open(directory, true);

        var publicHalf = keys.escrowPublic(tenant);
        var privateHalf = keys.escrowPrivate(tenant);

        assertThat(publicHalf.isPrivate()).isFalse();
        assertThat(privateHalf.toPublicJWK()).isEqualTo(publicHalf);
        assertThat(Files.readString(directory.resolve(tenant.toString()).resolve(TenantKeys.ESCROW_PRIVATE)))
                .doesNotContain("kty");
    }

    @Test
    void computesItemKeysAsPlainHmac() {
        TestKeys keys = new TestKeys();

        assertThat(keys.mac.item(keys.mailbox, "id")).isEqualTo(keys.mac.item(keys.mailbox, "id"));
        assertThat(keys.mac.item(keys.mailbox, "id")).isNotEqualTo(keys.mac.item(MailboxId.random(), "id"));
        assertThat(keys.mac.item(keys.mailbox, "id").toString())
                .isNotEqualTo(keys.mac.folder(keys.mailbox, "id").toString());
        assertThat(ItemKey.of(keys.mac.item(keys.mailbox, "id").toString()))
                .isEqualTo(keys.mac.item(keys.mailbox, "id"));
    }

    @Test
    void ordersKeysAsUnsignedBytes() {
        assertThat(new ItemKey(-1, 0, 0, 0)).isGreaterThan(new ItemKey(1, 0, 0, 0));
        assertThat(new ItemKey(1, 0, 0, -1)).isGreaterThan(new ItemKey(1, 0, 0, 5));
    }
}
