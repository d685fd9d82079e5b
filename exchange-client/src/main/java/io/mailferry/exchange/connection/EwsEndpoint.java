package io.mailferry.exchange.connection;

import java.net.URI;
import java.util.Locale;

/**
 * Where EWS answers and how it is trusted.
 *
 * @param url the full address, usually ending in {@code /EWS/Exchange.asmx}
 * @param trust how the server proves itself; unused over plain http
 * @param impersonate whether the account acts as the mailbox's owner (role ApplicationImpersonation) instead of with
 *     its own rights
 * @param insecureHttp allows plain http, over which credentials and mail can be read by anybody on the way
 */
public record EwsEndpoint(URI url, Trust trust, boolean impersonate, boolean insecureHttp) {

    public EwsEndpoint {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null || url.getUserInfo() != null) {
            throw new IllegalArgumentException("the EWS address needs a host and must not hold credentials");
        }
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("the EWS address must be https");
        }
        if (scheme.equals("http") && !insecureHttp) {
            throw new IllegalArgumentException("plain http is refused unless it is allowed explicitly");
        }
    }

    boolean isTls() {
        return url.getScheme().toLowerCase(Locale.ROOT).equals("https");
    }
}
