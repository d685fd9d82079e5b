package io.mailferry.simulator.agent;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.RSAKey;
import io.mailferry.simulator.mail.Chance;
import io.mailferry.simulator.mail.Phrases;
import java.text.ParseException;

/** What is lost with an agent's settings file: its configuration and the key that its backups are encrypted with. */
final class Settings {
    private final String agent;

    Settings(String agent) {
        this.agent = agent;
    }

    /**
     * The settings, encrypted so that only the tenant's private key opens them.
     *
     * @throws JOSEException if the key is no RSA key to encrypt to
     */
    String encryptedTo(String publicJwk) throws JOSEException {
        RSAKey key;
        try {
            key = RSAKey.parse(publicJwk);
        } catch (ParseException e) {
            throw new JOSEException("Not an RSA public key", e);
        }
        if (key.isPrivate()) {
            throw new JOSEException("A private key came where a public one was due");
        }
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .keyID(key.getKeyID())
                        .contentType("application/json")
                        .build(),
                new Payload(text()));
        jwe.encrypt(new RSAEncrypter(key));
        return jwe.serialize();
    }

    private String text() {
        Chance chance = Chance.of(Chance.seedOf(agent), 19);
        return "{\"agent\":\"" + agent + "\",\"note\":\"" + Phrases.SETTINGS + "\",\"encryptionKey\":\""
                + Long.toHexString(chance.next()) + Long.toHexString(chance.next()) + "\"}";
    }
}
