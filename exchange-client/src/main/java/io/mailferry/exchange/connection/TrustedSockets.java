package io.mailferry.exchange.connection;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS sockets that trust as the endpoint says and remember the fingerprint of the last certificate that was shown, so
 * that a refusal can name it and an operator can compare and pin it.
 */
final class TrustedSockets {

    private final SSLConnectionSocketFactory factory;
    private volatile @Nullable String fingerprint;

    TrustedSockets(Trust trust) {
        try {
            X509ExtendedTrustManager judge = switch (trust) {
                case Trust.System() -> authorities(null);
                case Trust.Authority(String pem) -> authorities(store(pem));
                case Trust.Pinned(String sha256) -> new PinnedCertificate(sha256);
            };
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Remembering(judge)}, null);
            HostnameVerifier names =
                    trust instanceof Trust.Pinned ? NoopHostnameVerifier.INSTANCE : new DefaultHostnameVerifier();
            this.factory = new SSLConnectionSocketFactory(context, names);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the given certificate authority is not readable PEM", e);
        }
    }

    SSLConnectionSocketFactory factory() {
        return factory;
    }

    /** The SHA-256 of the last certificate that a server showed. */
    @Nullable
    String fingerprint() {
        return fingerprint;
    }

    private static KeyStore store(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
            store.setCertificateEntry("authority-" + number++, certificate);
        }
        if (number == 0) {
            throw new CertificateException("no certificate");
        }
        return store;
    }

    private static X509ExtendedTrustManager authorities(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        for (TrustManager manager : managers.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this Java runtime has no X.509 trust manager");
    }

    private static String sha256(X509Certificate certificate) throws CertificateException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the certificate has no fingerprint", e);
        }
    }

    private final class Remembering extends ServerTrust {
        private final X509ExtendedTrustManager judge;

        Remembering(X509ExtendedTrustManager judge) {
            this.judge = judge;
        }

        @Override
        void check(X509Certificate[] chain, String authType, @Nullable Socket socket) throws CertificateException {
            fingerprint = sha256(chain[0]);
            if (socket == null) {
                judge.checkServerTrusted(chain, authType);
            } else {
                judge.checkServerTrusted(chain, authType, socket);
            }
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return judge.getAcceptedIssuers();
        }
    }

    private static final class PinnedCertificate extends ServerTrust {
        private final String pin;

        PinnedCertificate(String pin) {
            this.pin = pin;
        }

        @Override
        void check(X509Certificate[] chain, String authType, @Nullable Socket socket) throws CertificateException {
            if (!sha256(chain[0]).equals(pin)) {
                throw new CertificateException("the certificate is not the pinned one");
            }
        }
    }

    /** Only servers are judged; whoever asks about a client's certificate is wrong here. */
    private abstract static class ServerTrust extends X509ExtendedTrustManager {

        abstract void check(X509Certificate[] chain, String authType, @Nullable Socket socket)
                throws CertificateException;

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain, authType, null);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain, authType, null);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
