package io.mailferry.archive.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.DeterministicAead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.daead.DeterministicAeadConfig;
import com.google.crypto.tink.daead.PredefinedDeterministicAeadParameters;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import java.security.GeneralSecurityException;

/** Tink as the archive uses it: three kinds of keyset, their JSON form in clear and wrapped. */
final class Tink {
    private Tink() {}

    static {
        try {
            AeadConfig.register();
            DeterministicAeadConfig.register();
            MacConfig.register();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static KeysetHandle newAead() throws GeneralSecurityException {
        return fresh(PredefinedAeadParameters.AES256_GCM);
    }

    static KeysetHandle newDirectory() throws GeneralSecurityException {
        return fresh(PredefinedDeterministicAeadParameters.AES256_SIV);
    }

    /** No output prefix: item keys are plain HMAC-SHA256, so that any library can compute them. */
    static KeysetHandle newMac() throws GeneralSecurityException {
        return fresh(HmacParameters.builder()
                .setKeySizeBytes(32)
                .setTagSizeBytes(32)
                .setHashType(HmacParameters.HashType.SHA256)
                .setVariant(HmacParameters.Variant.NO_PREFIX)
                .build());
    }

    static String toJson(KeysetHandle keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, configuration(), InsecureSecretKeyAccess.get());
    }

    static KeysetHandle fromJson(String json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json, configuration(), InsecureSecretKeyAccess.get());
    }

    static String wrap(KeysetHandle keyset, Aead by, byte[] associatedData) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keyset, by, associatedData, configuration());
    }

    static KeysetHandle unwrap(String json, Aead by, byte[] associatedData) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseEncryptedKeyset(json, by, associatedData, configuration());
    }

    static Aead aead(KeysetHandle keyset) throws GeneralSecurityException {
        return keyset.getPrimitive(configuration(), Aead.class);
    }

    static DeterministicAead directory(KeysetHandle keyset) throws GeneralSecurityException {
        return keyset.getPrimitive(configuration(), DeterministicAead.class);
    }

    static Mac mac(KeysetHandle keyset) throws GeneralSecurityException {
        return keyset.getPrimitive(configuration(), Mac.class);
    }

    private static KeysetHandle fresh(Parameters parameters) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.generateEntryFromParameters(parameters)
                        .withRandomId()
                        .makePrimary())
                .build();
    }

    private static Configuration configuration() throws GeneralSecurityException {
        return RegistryConfiguration.get();
    }
}
