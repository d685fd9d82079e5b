package io.mailferry.archive.keys;

import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.security.GeneralSecurityException;

/** Fresh keys for tests, in memory. */
public final class TestKeys {
    public final TenantId tenant = TenantId.random();
    public final MailboxId mailbox = MailboxId.random();
    public final KeyEncryptionKey kek;
    public final MacKey mac;
    public final SealingKey sealing;

    public TestKeys() {
        try {
            kek = new KeyEncryptionKey(tenant, Tink.aead(Tink.newAead()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        mac = kek.mac(kek.newMac());
        sealing = kek.sealing(mailbox, kek.newSealing(mailbox));
    }
}
