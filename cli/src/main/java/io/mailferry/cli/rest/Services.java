package io.mailferry.cli.rest;

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

    /** inventory-service alone, for what needs no other. */
    public static RestClient inventoryAt(String url, OperatorToken token, boolean insecureHttp, Patience patience) {
        return service("inventory-service", url, token, insecureHttp, patience);
    }

    private static RestClient service(
            String name, String url, OperatorToken token, boolean insecureHttp, Patience patience) {
        return new RestClient(name, SafeUrl.of(name, url, insecureHttp), token, patience);
    }
}
