package io.mailferry.inventory.agent;

import io.mailferry.access.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request shows of its agent: a bearer credential in its header, or the certificate of its TLS connection. */
public final class Presented {
    private static final String SCHEME = "Bearer ";

    private final @Nullable String authorisation;
    private final Optional<ClientCertificate> certificate;

    private Presented(@Nullable String authorisation, Optional<ClientCertificate> certificate) {
        this.authorisation = authorisation;
        this.certificate = certificate;
    }

    /** @param authorisation the header, if there was one */
    public static Presented of(@Nullable String authorisation, HttpServerRequest request) {
        return new Presented(authorisation, ClientCertificate.of(request));
    }

    Presented withoutCertificate() {
        return new Presented(authorisation, Optional.empty());
    }

    Optional<ClientCertificate> certificate() {
        return certificate;
    }

    /**
     * The form in which the credential is kept.
     *
     * @throws ProblemException 401 if there is none that could be ours; 400 if there are two, since whoever sends two has
     *     not decided who he is
     */
    public String kept() {
        if (authorisation == null) {
            return certificate.orElseThrow(ProblemException::unauthorised).kept();
        }
        if (certificate.isPresent()) {
            throw ProblemException.invalid(
                    "Authorization", "A bearer credential and a client certificate at once: send one of them.");
        }
        return bearer(authorisation).sha256();
    }

    private static Secret bearer(String authorisation) {
        if (!authorisation.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw ProblemException.unauthorised();
        }
        Secret credential = new Secret(authorisation.substring(SCHEME.length()).strip());
        if (!credential.isPlausible()) {
            throw ProblemException.unauthorised();
        }
        return credential;
    }
}
