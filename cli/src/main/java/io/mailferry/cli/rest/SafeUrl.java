package io.mailferry.cli.rest;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/** Addresses to which a token may be sent. */
public final class SafeUrl {
    private SafeUrl() {}

    /**
     * @param name whose address it is, for the operator
     * @param insecureHttp whether plain http to other machines is allowed, which shows the token to the network
     * @throws RestFailure if it is no http(s) URL or would show the token
     */
    public static URI of(String name, String url, boolean insecureHttp) {
        URI base;
        try {
            base = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new RestFailure(0, "The address of " + name + " is not a URL: " + url);
        }
        String scheme = String.valueOf(base.getScheme()).toLowerCase(Locale.ROOT);
        if (base.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
            throw new RestFailure(0, "The address of " + name + " is not an http or https URL: " + url);
        }
        if (scheme.equals("http") && !insecureHttp && !isThisMachine(base.getHost())) {
            throw new RestFailure(
                    0,
                    "The address of " + name
                            + " is plain http to another machine, which would show the operator's token"
                            + " to the network. Use https, or say --insecure-http.");
        }
        return base;
    }

    private static boolean isThisMachine(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        boolean literal = host.startsWith("[") || host.matches("[0-9.]+");
        try {
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
