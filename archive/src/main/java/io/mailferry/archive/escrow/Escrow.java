package io.mailferry.archive.escrow;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObject;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Map;

/**
 * An agent's settings and encryption key as a JWE in compact serialisation: RSA-OAEP-256, A256GCM, the tenant's key id.
 * Its text form is what the bucket keeps.
 */
public final class Escrow {
    /** Settings are small; anything longer is not one. */
    public static final int LENGTH_MAX = 256 * 1024;

    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private Escrow() {}

    /** Looks at the form only: needs no private key, so the agents' gateway can refuse what could never be opened. */
    public static EscrowCheck check(String jwe, RSAKey publicKey) {
        if (jwe.length() > LENGTH_MAX) {
            return new EscrowCheck.Refused(EscrowCheck.Reason.TOO_LONG);
        }
        JWEObject parsed;
        try {
            requireAlgorithms(jwe);
            parsed = JWEObject.parse(jwe);
        } catch (ParseException | IllegalArgumentException e) {
            return new EscrowCheck.Refused(EscrowCheck.Reason.NOT_A_JWE);
        }
        JWEHeader header = parsed.getHeader();
        if (!JWEAlgorithm.RSA_OAEP_256.equals(header.getAlgorithm())
                || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
                || header.getCompressionAlgorithm() != null) {
            return new EscrowCheck.Refused(EscrowCheck.Reason.OTHER_ALGORITHMS);
        }
        if (header.getKeyID() == null || !header.getKeyID().equals(publicKey.getKeyID())) {
            return new EscrowCheck.Refused(EscrowCheck.Reason.OTHER_KEY);
        }
        return hasLengths(parsed, publicKey.size() / 8)
                ? new EscrowCheck.Acceptable()
                : new EscrowCheck.Refused(EscrowCheck.Reason.PARTS_OF_WRONG_LENGTH);
    }

    /** The parser takes their presence for granted. */
    private static void requireAlgorithms(String jwe) throws ParseException {
        Map<String, Object> header = JSONObjectUtils.parse(JOSEObject.split(jwe)[0].decodeToString());
        if (JSONObjectUtils.getString(header, "alg") == null || JSONObjectUtils.getString(header, "enc") == null) {
            throw new ParseException("no algorithms", 0);
        }
    }

    private static boolean hasLengths(JWEObject jwe, int modulusBytes) {
        return jwe.getEncryptedKey() != null
                && jwe.getEncryptedKey().decode().length == modulusBytes
                && jwe.getIV() != null
                && jwe.getIV().decode().length == IV_BYTES
                && jwe.getAuthTag() != null
                && jwe.getAuthTag().decode().length == TAG_BYTES
                && jwe.getCipherText() != null
                && jwe.getCipherText().decode().length > 0;
    }

    /**
     * The settings in clear. For restore-service, after two people agreed to the release.
     *
     * @throws EscrowUnreadable if it is no acceptable escrow, was changed, or belongs to another key; says which, never
     *     what is in it
     */
    public static byte[] open(String jwe, RSAKey privateKey) throws EscrowUnreadable {
        switch (check(jwe, privateKey)) {
            case EscrowCheck.Refused refused -> throw new EscrowUnreadable("escrow refused: " + refused.reason());
            case EscrowCheck.Acceptable _ -> {}
        }
        try {
            JWEObject parsed = JWEObject.parse(jwe);
            parsed.decrypt(new RSADecrypter(privateKey));
            return parsed.getPayload().toBytes();
        } catch (ParseException | JOSEException e) {
            throw new EscrowUnreadable("escrow does not open with the tenant's key: it was changed");
        }
    }
}
