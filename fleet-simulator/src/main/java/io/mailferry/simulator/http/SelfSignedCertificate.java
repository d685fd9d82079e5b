package io.mailferry.simulator.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for localhost, 127.0.0.1 and ::1 that lives as long as the process. The JDK has no public way to make one,
 * so its few DER structures are written here.
 */
public final class SelfSignedCertificate {
    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final byte[] ECDSA_WITH_SHA256 = oid(new int[] {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02});

    private final byte[] encoded;
    private final SSLContext tls;

    private SelfSignedCertificate(byte[] encoded, SSLContext tls) {
        this.encoded = encoded;
        this.tls = tls;
    }

    /** Makes a key pair and its certificate. */
    public static SelfSignedCertificate create(Instant now) throws GeneralSecurityException, java.io.IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] algorithm = der(0x30, ECDSA_WITH_SHA256);
        byte[] tbs = toBeSigned(now, pair, algorithm);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(tbs);
        byte[] encoded = der(0x30, tbs, algorithm, bits(signature.sign()));
        Certificate certificate =
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("simulator", pair.getPrivate(), new char[0], new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        return new SelfSignedCertificate(encoded, tls);
    }

    /** The server side's TLS context. */
    public SSLContext tls() {
        return tls;
    }

    /** PEM text. */
    public String pem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n";
    }

    /** SHA-256 of the DER form, as lower-case hex. */
    public String sha256() throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
    }

    private static byte[] toBeSigned(Instant now, KeyPair pair, byte[] algorithm) {
        byte[] name = der(
                0x30,
                der(
                        0x31,
                        der(
                                0x30,
                                oid(new int[] {0x55, 0x04, 0x03}),
                                der(0x0C, "localhost".getBytes(StandardCharsets.US_ASCII)))));
        byte[] validity = der(0x30, time(now.minus(Duration.ofHours(1))), time(now.plus(VALIDITY)));
        byte[] names = der(
                0x30,
                der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                der(0x87, new byte[] {127, 0, 0, 1}),
                der(0x87, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        byte[] alternative = der(0x30, oid(new int[] {0x55, 0x1D, 0x11}), der(0x04, names));
        // CA true, so that a client can be told to trust exactly this certificate as its authority.
        byte[] authority = der(
                0x30,
                oid(new int[] {0x55, 0x1D, 0x13}),
                der(0x01, new byte[] {(byte) 0xFF}),
                der(0x04, der(0x30, der(0x01, new byte[] {(byte) 0xFF}))));
        return der(
                0x30,
                der(0xA0, der(0x02, new byte[] {2})),
                der(
                        0x02,
                        new BigInteger(63, new SecureRandom())
                                .add(BigInteger.ONE)
                                .toByteArray()),
                algorithm,
                name,
                validity,
                name,
                pair.getPublic().getEncoded(),
                der(0xA3, der(0x30, alternative, authority)));
    }

    private static byte[] time(Instant at) {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
        return der(0x18, format.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(int[] encodedArcs) {
        byte[] bytes = new byte[encodedArcs.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) encodedArcs[i];
        }
        return der(0x06, bytes);
    }

    private static byte[] bits(byte[] content) {
        return der(0x03, new byte[] {0}, content);
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            body.writeBytes(content);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length & 0xFF);
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }
}
