package io.mailferry.inventory.agent;

import io.mailferry.access.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificate of a request's own TLS connection. In the handshake its holder has proved to have the key; nothing that
 * the certificate says is believed, but that it ends.
 */
record ClientCertificate(X509Certificate certificate) {
    /** Keeps these apart from hashes of secrets in the same column. */
    private static final String KIND = "x509:";

    private static final int RSA_BITS_MIN = 2048;
    private static final int EC_BITS_MIN = 256;

    /** Empty on a connection without TLS, or whose client showed none. Never from a header, which anybody can write. */
    static Optional<ClientCertificate> of(HttpServerRequest request) {
        SSLSession session = request.sslSession();
        if (session == null) {
            return Optional.empty();
        }
        try {
            Certificate first = session.getPeerCertificates()[0];
            return first instanceof X509Certificate certificate
                    ? Optional.of(new ClientCertificate(certificate))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    /** The problem of who should have shown one. */
    static ProblemException missing() {
        return ProblemException.invalid(
                "certificate", "The connection shows no client certificate, or is none by TLS to the gateway itself.");
    }

    /** The form in which it is kept. */
    String kept() {
        try {
            return KIND
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("what came over TLS has an encoding, and every Java runtime SHA-256", e);
        }
    }

    /** Whether what is kept is a certificate and not a secret. */
    static boolean isKeptAs(String kept) {
        return kept.startsWith(KIND);
    }

    Instant endsAt() {
        return certificate.getNotAfter().toInstant();
    }

    /** Why it is no credential, for its agent's administrator. */
    Optional<String> flaw(Instant now) {
        if (!endsAt().isAfter(now)) {
            return Optional.of("This certificate has expired.");
        }
        return isStrong()
                ? Optional.empty()
                : Optional.of("This certificate's key is too weak: RSA of " + RSA_BITS_MIN + " bits or more, EC of "
                        + EC_BITS_MIN + " or more, or EdDSA.");
    }

    private boolean isStrong() {
        return switch (certificate.getPublicKey()) {
            case RSAKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS_MIN;
            case ECKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
            case EdECKey _ -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return "ClientCertificate[…]";
    }
}
