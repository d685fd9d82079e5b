package io.mailferry.archive.keys;

import com.google.crypto.tink.DeterministicAead;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;

/** Seals and opens the mail addresses of one tenant, deterministically, so that equal addresses stay equal. */
public final class DirectoryKey {
    private final TenantId tenant;
    private final DeterministicAead key;
    private final byte[] associatedData;

    DirectoryKey(TenantId tenant, DeterministicAead key) {
        this.tenant = tenant;
        this.key = key;
        this.associatedData = ("mailferry/address/" + tenant).getBytes(StandardCharsets.UTF_8);
    }

    /** @param address in any case; lower-cased first */
    public SealedAddress seal(String address) {
        byte[] plain = address.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] sealed = key.encryptDeterministically(plain, associatedData);
            return new SealedAddress(Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, TenantKeys.DIRECTORY);
        }
    }

    /** @throws KeyWrong if another key sealed it, or it was changed */
    public String open(SealedAddress address) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(address.value());
            return new String(key.decryptDeterministically(sealed, associatedData), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new KeyWrong(tenant, TenantKeys.DIRECTORY);
        }
    }
}
