package io.mailferry.cli.rest;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;

/** The four services that an operator speaks to. The uploader has nothing to say to people. */
public record Services(RestClient inventory, RestClient planner, RestClient exporter, RestClient restore) {
    /**
     * @param token the operator's, sent as a bearer token to each service
     * @param insecureHttp whether plain http to other machines is allowed, which shows the token to the network
     * @throws RestFailure if an address is no http(s) URL or would show the token
     */
    public static Services at(
            String inventory, String planner, String exporter, String restore, String token, boolean insecureHttp) {
        return at(
                inventory,
                planner,
                exporter,
                restore,
                new OperatorToken(token, "the caller"),
                insecureHttp,
                Patience.DEFAULT);
    }

    /** As {@link #at(String, String, String, String, String, boolean)}, waiting as long as is said. */
    public static Services at(
            String inventory,
            String planner,
            String exporter,
            String restore,
            OperatorToken token,
            boolean insecureHttp,
            Patience patience) {
        return new Services(
                service("inventory-service", inventory, token, insecureHttp, patience),
                service("planner-service", planner, token, insecureHttp, patience),
                service("exporter-service", exporter, token, insecureHttp, patience),
                service("restore-service", restore, token, insecureHttp, patience));
    }

    private static RestClient service(
            String name, String url, OperatorToken token, boolean insecureHttp, Patience patience) {
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
        return new RestClient(name, base, token, patience);
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
