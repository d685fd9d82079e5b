package io.mailferry.exchange.connection;

/**
 * An account of the server: {@code user}, {@code DOMAIN\\user} or {@code user@domain}. Never printed.
 */
public record Credentials(String user, String password) {

    String domain() {
        int slash = user.indexOf('\\');
        return slash < 0 ? "" : user.substring(0, slash);
    }

    String name() {
        return user.substring(user.indexOf('\\') + 1);
    }

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
