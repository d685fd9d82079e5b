package io.mailferry.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.exchange.connection.Credentials;
import io.mailferry.exchange.connection.EwsEndpoint;
import io.mailferry.exchange.connection.MailboxAddress;
import io.mailferry.exchange.connection.Trust;
import io.mailferry.exchange.failure.ExchangeFailure;
import io.mailferry.exchange.failure.FailureCategory;
import io.mailferry.exchange.folder.FolderId;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrustIT {

    private static StubExchange exchange;
    private static Certificate certificate;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        certificate = keys.getCertificate("server");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        exchange = new StubExchange(tls);
    }

    @AfterAll
    static void stop() {
        exchange.close();
    }

    @Test
    void acceptsThePinnedCertificate() throws Exception {
        assertThat(call(new Trust.Pinned(fingerprint().toUpperCase(java.util.Locale.ROOT)), exchange.url())
                        .code())
                .isEqualTo("HttpStatus404");
    }

    @Test
    void refusesAnotherCertificateThanThePinnedOneAndNamesIt() throws Exception {
        int before = exchange.requests.size();

        ExchangeFailure failure = call(new Trust.Pinned("ab".repeat(32)), exchange.url());

        assertThat(failure.code()).isEqualTo("CertificateRefused");
        assertThat(failure.category()).isEqualTo(FailureCategory.PERMANENT);
        assertThat(failure.fingerprint()).isEqualTo(fingerprint());
        assertThat(exchange.requests).hasSize(before);
    }

    @Test
    void acceptsTheGivenAuthority() throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";

        assertThat(call(new Trust.Authority(pem), exchange.url()).code()).isEqualTo("HttpStatus404");
        URI otherName = URI.create(exchange.url().toString().replace("localhost", "127.0.0.1"));
        assertThat(call(new Trust.Authority(pem), otherName).code()).isEqualTo("CertificateRefused");
    }

    @Test
    void refusesAnUnknownAuthorityAndNamesTheCertificate() throws Exception {
        ExchangeFailure failure = call(new Trust.System(), exchange.url());

        assertThat(failure.code()).isEqualTo("CertificateRefused");
        assertThat(failure.fingerprint()).isEqualTo(fingerprint());
    }

    private static String fingerprint() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private static ExchangeFailure call(Trust trust, URI url) {
        try (ExchangeSession session = ExchangeSession.open(
                new EwsEndpoint(url, trust, true, false),
                new Credentials("user", "secret"),
                new MailboxAddress("ann@example.org"),
                TestingSettings.with(TestingSettings.CONNECTION))) {
            return ((Outcome.Failed<?>) session.folder(new FolderId("x"))).failure();
        }
    }
}
