package io.mailferry.archive.escrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import org.junit.jupiter.api.Test;

class EscrowTest {
    private static final RSAKey TENANTS = pair("tenants");
    private static final RSAKey ANOTHER = pair("another");

    @Test
    void acceptsAndOpensWhatWasEncryptedToTheTenant() throws Exception {
        String jwe = jwe(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, TENANTS);
        assertThat(Escrow.check(jwe, TENANTS.toPublicJWK())).isEqualTo(new EscrowCheck.Acceptable());
        assertThat(Escrow.open(jwe, TENANTS)).asString().isEqualTo("settings");
    }

    @Test
    void refusesAnotherTenantsKey() throws Exception {
        String jwe = jwe(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, ANOTHER);
        assertRefused(jwe, EscrowCheck.Reason.OTHER_KEY);
        assertThatThrownBy(() -> Escrow.open(jwe, TENANTS)).isInstanceOf(EscrowUnreadable.class);
    }

    @Test
    void refusesOtherAlgorithms() throws Exception {
        assertRefused(
                jwe(JWEAlgorithm.RSA_OAEP_512, EncryptionMethod.A256GCM, TENANTS), EscrowCheck.Reason.OTHER_ALGORITHMS);
        assertRefused(
                jwe(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A128GCM, TENANTS), EscrowCheck.Reason.OTHER_ALGORITHMS);
    }

    @Test
    void refusesWhatIsNoJwe() {
        for (String text : new String[] {"", "settings in clear", "a.b.c.d.e", "e30.e30.e30.e30.e30", "...."}) {
            assertRefused(text, EscrowCheck.Reason.NOT_A_JWE);
        }
        assertRefused("e".repeat(Escrow.LENGTH_MAX + 1), EscrowCheck.Reason.TOO_LONG);
    }

    @Test
    void refusesPartsThatAreTooShort() throws Exception {
        String[] parts = jwe(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, TENANTS)
                .split("\\.");
        parts[1] = "AAAA";
        assertRefused(String.join(".", parts), EscrowCheck.Reason.PARTS_OF_WRONG_LENGTH);
    }

    @Test
    void noticesAChangeWhenItOpens() throws Exception {
        String[] parts = jwe(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM, TENANTS)
                .split("\\.");
        parts[3] = (parts[3].charAt(0) == 'A' ? "B" : "A") + parts[3].substring(1);
        String changed = String.join(".", parts);
        assertThat(Escrow.check(changed, TENANTS.toPublicJWK())).isEqualTo(new EscrowCheck.Acceptable());
        assertThatThrownBy(() -> Escrow.open(changed, TENANTS)).isInstanceOf(EscrowUnreadable.class);
    }

    private static void assertRefused(String jwe, EscrowCheck.Reason reason) {
        assertThat(Escrow.check(jwe, TENANTS.toPublicJWK()))
                .as(jwe.length() < 100 ? jwe : "long")
                .isEqualTo(new EscrowCheck.Refused(reason));
    }

    private static String jwe(JWEAlgorithm algorithm, EncryptionMethod method, RSAKey to) throws JOSEException {
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(algorithm, method).keyID(to.getKeyID()).build(), new Payload("settings"));
        jwe.encrypt(new RSAEncrypter(to.toPublicJWK()));
        return jwe.serialize();
    }

    private static RSAKey pair(String kid) {
        try {
            return new RSAKeyGenerator(2048).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
