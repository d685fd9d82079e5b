package io.mailferry.cli.rest;

import java.util.function.Supplier;

/**
 * What a service believes an operator by.
 *
 * @param current asked for each call, since one that a provider gave is renewed from time to time
 * @param origin where it was found, for a message about it, such as the name of its file
 */
public record OperatorToken(Supplier<String> current, String origin) {
    /** For what a service tells anybody. */
    public static final OperatorToken NONE = new OperatorToken("", "nobody");

    public OperatorToken(String secret, String origin) {
        this(() -> secret, origin);
    }

    @Override
    public String toString() {
        return "OperatorToken[" + origin + "]";
    }
}
