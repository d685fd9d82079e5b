package io.mailferry.contracts.exchange;

/**
 * How a server's EWS is reached.
 *
 * @param url the full address of Exchange.asmx
 * @param trust whose certificates are believed; irrelevant for plain http
 * @param credentialRef names the account's credentials in the credentials directory; never the credentials themselves
 * @param impersonate whether the account reads other mailboxes by ApplicationImpersonation
 * @param insecureHttp whether an operator has explicitly allowed plain http
 */
public record EwsEndpoint(String url, Trust trust, String credentialRef, boolean impersonate, boolean insecureHttp) {
    public EwsEndpoint {
        if (!url.startsWith("https://") && !(insecureHttp && url.startsWith("http://"))) {
            throw new IllegalArgumentException("an EWS URL is https, or http where an operator has allowed it");
        }
        if (!credentialRef.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw new IllegalArgumentException("credentialRef holds letters, digits, dots, dashes and underscores");
        }
    }
}
