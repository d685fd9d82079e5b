package io.mailferry.archive.keys;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;

/**
 * The sealing keyset of one mailbox (AES-256-GCM). A sealed chunk is Tink's form: 0x01, four bytes key id, twelve bytes
 * nonce, ciphertext, sixteen bytes tag.
 */
public final class SealingKey {
    /** What sealing adds to a chunk. */
    public static final int OVERHEAD_BYTES = 33;

    private final Aead key;

    SealingKey(Aead key) {
        this.key = key;
    }

    public byte[] seal(byte[] plain, byte[] associatedData) {
        try {
            return key.encrypt(plain, associatedData);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to encrypt", e);
        }
    }

    /** @throws GeneralSecurityException if key, associated data and chunk do not belong together */
    public byte[] open(byte[] sealed, byte[] associatedData) throws GeneralSecurityException {
        return key.decrypt(sealed, associatedData);
    }
}
