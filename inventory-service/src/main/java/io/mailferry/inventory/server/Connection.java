package io.mailferry.inventory.server;

import io.mailferry.contracts.exchange.Trust;
import io.mailferry.inventory.protocol.Field;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How an operator says that a server is reached.
 *
 * @param name the server's name, as an agent reports it or as the operator calls it; the URL's host if not given
 * @param isNamed whether the operator gave the name, which then decides alone which server is meant: several servers may
 *     answer at one URL
 */
record Connection(
        String name,
        boolean isNamed,
        String url,
        Trust trust,
        Account account,
        boolean impersonate,
        boolean insecureHttp) {
    private static final int PEM_LENGTH_MAX = 64 * 1024;
    private static final Pattern REF = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}");

    /** Whose rights the mailboxes are read with. */
    sealed interface Account {
        /** Given here, kept in a file and nowhere else. */
        record Given(String user, String password) implements Account {
            @Override
            public String toString() {
                return "Given[…]";
            }
        }

        /** Mounted where the exporter runs. */
        record Mounted(String ref) implements Account {}
    }

    static Connection read(Field body) {
        boolean insecureHttp = flag(body, "insecureHttp");
        URI url = url(body.at("ewsUrl"), insecureHttp);
        Optional<String> name = body.ifPresent("name").map(field -> field.text(255));
        return new Connection(
                name.orElseGet(url::getHost),
                name.isPresent(),
                url.toString(),
                trust(body),
                account(body),
                flag(body, "impersonate"),
                insecureHttp);
    }

    private static boolean flag(Field body, String name) {
        return body.ifPresent(name).map(Field::flag).orElse(false);
    }

    private static URI url(Field field, boolean insecureHttp) {
        URI url;
        try {
            url = new URI(field.text(500));
        } catch (URISyntaxException e) {
            throw field.invalid("This is not a URL.");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean http = scheme.equals("http");
        if (http && !insecureHttp) {
            throw field.invalid("Plain http shows mail and password to the network; say insecureHttp to allow it.");
        }
        if (!http && !scheme.equals("https") || url.getHost() == null) {
            throw field.invalid("This is not an https URL with a host.");
        }
        if (url.getUserInfo() != null || url.getFragment() != null || url.getQuery() != null) {
            throw field.invalid("An EWS URL has neither user, query nor fragment.");
        }
        return URI.create(scheme + field.text(500).substring(scheme.length()));
    }

    private static Trust trust(Field body) {
        Optional<Field> trust = body.ifPresent("trust");
        if (trust.isEmpty()) {
            return new Trust.SystemAuthorities();
        }
        Optional<Field> pem = trust.get().ifPresent("pem");
        Optional<Field> sha256 = trust.get().ifPresent("sha256");
        if (pem.isPresent() && sha256.isPresent()) {
            throw sha256.get().invalid("Either an authority or a pin is believed, not both.");
        }
        if (pem.isPresent()) {
            return new Trust.Authority(certificates(pem.get()));
        }
        return sha256.<Trust>map(
                        field -> new Trust.Pinned(field.text(95, SHA_256, "This is not a SHA-256 in hexadecimal.")
                                .replace(":", "")
                                .toLowerCase(Locale.ROOT)))
                .orElseGet(Trust.SystemAuthorities::new);
    }

    private static String certificates(Field field) {
        String pem = field.lines(PEM_LENGTH_MAX);
        try {
            boolean none = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .isEmpty();
            if (none || pem.contains("PRIVATE KEY")) {
                throw field.invalid("This is not a list of X.509 certificates in PEM, and of nothing else.");
            }
        } catch (CertificateException e) {
            throw field.invalid("This is not a list of X.509 certificates in PEM.");
        }
        return pem;
    }

    private static Account account(Field body) {
        Optional<Field> ref = body.ifPresent("credentialRef");
        if (ref.isPresent()) {
            if (body.ifPresent("user").isPresent() || body.ifPresent("password").isPresent()) {
                throw ref.get().invalid("Give either user and password, or a credentialRef.");
            }
            return new Account.Mounted(
                    ref.get().text(100, REF, "This is not letters, digits, dots, dashes and underscores."));
        }
        return new Account.Given(body.at("user").text(256), body.at("password").text(1024));
    }
}
