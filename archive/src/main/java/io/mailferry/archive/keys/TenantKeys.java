package io.mailferry.archive.keys;

import com.google.crypto.tink.KeysetHandle;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.mailferry.contracts.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Base64;
import java.util.UUID;

/**
 * The keys directory: one folder per tenant with its key-encryption key, directory key and escrow key pair. In
 * production the files are mounted and each service is given only those it needs; in development missing ones are made.
 * Files are read each time they are asked for; callers keep what they get.
 */
public final class TenantKeys {
    static final String KEK = "kek.json";
    static final String DIRECTORY = "directory.json";
    static final String ESCROW_PUBLIC = "escrow-public.jwk";
    static final String ESCROW_PRIVATE = "escrow-private.jwe";

    private static final String ESCROW = "escrow";
    private static final int RSA_BITS = 3_072;

    private final Path directory;
    private final boolean createMissing;

    private TenantKeys(Path directory, boolean createMissing) {
        this.directory = directory;
        this.createMissing = createMissing;
    }

    /** @param createMissing only for development: a key that was lost would be replaced by one that opens nothing */
    public static TenantKeys open(Path directory, boolean createMissing) {
        return new TenantKeys(directory, createMissing);
    }

    /**
     * @throws KeyMissing if it is not there and may not be made
     * @throws KeyWrong if the file is no such key
     */
    public KeyEncryptionKey keyEncryption(TenantId tenant) {
        try {
            return new KeyEncryptionKey(tenant, Tink.aead(keyset(tenant, KEK, Tink::newAead)));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, KEK);
        }
    }

    /**
     * @throws KeyMissing if it is not there and may not be made
     * @throws KeyWrong if the file is no such key
     */
    public DirectoryKey directory(TenantId tenant) {
        try {
            return new DirectoryKey(tenant, Tink.directory(keyset(tenant, DIRECTORY, Tink::newDirectory)));
        } catch (GeneralSecurityException e) {
            throw new KeyWrong(tenant, DIRECTORY);
        }
    }

    /**
     * The public key to which agents encrypt their escrowed settings, as a JWK with its key id.
     *
     * @throws KeyMissing if it is not there and may not be made
     */
    public RSAKey escrowPublic(TenantId tenant) {
        Path file = file(tenant, ESCROW_PUBLIC);
        try {
            String text = KeyFiles.read(file).orElse("");
            if (text.isEmpty()) {
                requireCreation(tenant, ESCROW_PUBLIC);
                text = KeyFiles.createOrRead(
                        folder(tenant),
                        ESCROW_PUBLIC,
                        escrowPrivate(tenant).toPublicJWK().toJSONString());
            }
            return RSAKey.parse(text).toPublicJWK();
        } catch (ParseException e) {
            throw new KeyWrong(tenant, ESCROW_PUBLIC);
        }
    }

    /**
     * The private half, which only opens with the tenant's key-encryption key.
     *
     * @throws KeyMissing if it is not there and may not be made
     * @throws KeyWrong if another key sealed it
     */
    public RSAKey escrowPrivate(TenantId tenant) {
        KeyEncryptionKey kek = keyEncryption(tenant);
        Path file = file(tenant, ESCROW_PRIVATE);
        try {
            String sealed = KeyFiles.read(file).orElse("");
            if (sealed.isEmpty()) {
                requireCreation(tenant, ESCROW_PRIVATE);
                sealed = KeyFiles.createOrRead(folder(tenant), ESCROW_PRIVATE, sealedPrivate(kek));
            }
            byte[] plain = kek.open(Base64.getDecoder().decode(sealed.strip()), ESCROW);
            return RSAKey.parse(new String(plain, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | JOSEException | ParseException | IllegalArgumentException e) {
            throw new KeyWrong(tenant, ESCROW_PRIVATE);
        }
    }

    private static String sealedPrivate(KeyEncryptionKey kek) throws GeneralSecurityException, JOSEException {
        RSAKey pair = new RSAKeyGenerator(RSA_BITS)
                .keyID(UUID.randomUUID().toString())
                .generate();
        byte[] plain = pair.toJSONString().getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(kek.seal(plain, ESCROW));
    }

    private KeysetHandle keyset(TenantId tenant, String name, NewKeyset fresh) throws GeneralSecurityException {
        Path file = file(tenant, name);
        String json = KeyFiles.read(file).orElse("");
        if (json.isEmpty()) {
            requireCreation(tenant, name);
            json = KeyFiles.createOrRead(folder(tenant), name, Tink.toJson(fresh.make()));
        }
        return Tink.fromJson(json);
    }

    private void requireCreation(TenantId tenant, String name) {
        if (!createMissing) {
            throw new KeyMissing(tenant, name, "put the file back into the keys directory from its backup");
        }
    }

    private Path file(TenantId tenant, String name) {
        return folder(tenant).resolve(name);
    }

    private Path folder(TenantId tenant) {
        return directory.resolve(tenant.toString());
    }

    private interface NewKeyset {
        KeysetHandle make() throws GeneralSecurityException;
    }
}
