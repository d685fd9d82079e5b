package io.mailferry.archive.keys;

import com.google.crypto.tink.Aead;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * A tenant's key-encryption key: makes, wraps and unwraps the keysets that lie in the bucket. A wrapped keyset is Tink's
 * JSON form of an encrypted keyset, bound by associated data to the tenant and, for a sealing keyset, the mailbox.
 */
public final class KeyEncryptionKey {
    private final TenantId tenant;
    private final Aead key;

    KeyEncryptionKey(TenantId tenant, Aead key) {
        this.tenant = tenant;
        this.key = key;
    }

    /** A new MAC keyset, wrapped. Worth something only once the bucket has it. */
    public byte[] newMac() {
        try {
            return utf8(Tink.wrap(Tink.newMac(), key, macData()));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, TenantKeys.KEK);
        }
    }

    /** A new sealing keyset for a mailbox, wrapped. */
    public byte[] newSealing(MailboxId mailbox) {
        try {
            return utf8(Tink.wrap(Tink.newAead(), key, sealingData(mailbox)));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, TenantKeys.KEK);
        }
    }

    /** @throws KeyWrong if another key wrapped it, or it was changed */
    public MacKey mac(byte[] wrapped) {
        try {
            return new MacKey(Tink.mac(Tink.unwrap(text(wrapped), key, macData())));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, "keys/mac.json");
        }
    }

    /** @throws KeyWrong if another key wrapped it, it was changed, or it is another mailbox's */
    public SealingKey sealing(MailboxId mailbox, byte[] wrapped) {
        try {
            return new SealingKey(Tink.aead(Tink.unwrap(text(wrapped), key, sealingData(mailbox))));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, "m/" + mailbox + "/keys/sealing.json");
        }
    }

    byte[] seal(byte[] plain, String purpose) throws GeneralSecurityException {
        return key.encrypt(plain, utf8("mailferry/" + purpose + "/" + tenant));
    }

    byte[] open(byte[] sealed, String purpose) throws GeneralSecurityException {
        return key.decrypt(sealed, utf8("mailferry/" + purpose + "/" + tenant));
    }

    private byte[] macData() {
        return utf8("mailferry/mac/" + tenant);
    }

    private byte[] sealingData(MailboxId mailbox) {
        return utf8("mailferry/sealing/" + tenant + "/" + mailbox);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
