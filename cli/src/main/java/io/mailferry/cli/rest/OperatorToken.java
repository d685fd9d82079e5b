package io.mailferry.cli.rest;

/**
 * What a service believes an operator by.
 *
 * @param origin where it was found, for a message about it, such as the name of its file
 */
public record OperatorToken(String secret, String origin) {
    @Override
    public String toString() {
        return "OperatorToken[" + origin + "]";
    }
}
