package io.mailferry.inventory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A key pair with its self-signed certificate, made by the JDK's keytool as an administrator would. */
final class TestedCertificate {
    static final List<String> EC = List.of("-keyalg", "EC", "-groupname", "secp256r1");

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration KEYTOOL_WITHIN = Duration.ofSeconds(60);

    private final KeyStore store;

    private TestedCertificate(KeyStore store) {
        this.store = store;
    }

    static TestedCertificate make() {
        return make(EC, "-validity", "30");
    }

    /** @param options such as {@code -validity 30} */
    static TestedCertificate make(List<String> algorithm, String... options) {
        try {
            Path folder = Files.createTempDirectory(Path.of("target"), "certificate-");
            Path file = folder.resolve("store.p12");
            List<String> line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
            line.addAll(List.of("-genkeypair", "-alias", "it", "-storetype", "PKCS12", "-keystore", file.toString()));
            line.addAll(List.of("-storepass", new String(PASSWORD), "-dname", "CN=localhost"));
            line.addAll(List.of("-ext", "san=dns:localhost,ip:127.0.0.1"));
            line.addAll(algorithm);
            line.addAll(Arrays.asList(options));
            Process keytool = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("keytool.log").toFile())
                    .start();
            if (!keytool.waitFor(KEYTOOL_WITHIN.toSeconds(), TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new AssertionError(Files.readString(folder.resolve("keytool.log")));
            }
            return new TestedCertificate(KeyStore.getInstance(file.toFile(), PASSWORD));
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate("it");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    String keyPem() {
        try {
            return pem("PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + what + "-----\n";
    }

    /** TLS of a client that shows this certificate to the server that has the other one. */
    SSLContext towards(TestedCertificate server) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            return context(keys.getKeyManagers(), server);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** TLS of a client that has no certificate to show. */
    static SSLContext withoutOneTowards(TestedCertificate server) {
        return context(new KeyManager[0], server);
    }

    private static SSLContext context(KeyManager[] keys, TestedCertificate server) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("server", server.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }
}
