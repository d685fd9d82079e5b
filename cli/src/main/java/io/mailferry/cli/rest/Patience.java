package io.mailferry.cli.rest;

import java.time.Duration;

/**
 * How long the services are waited for.
 *
 * @param answer for the answer to one call
 * @param away for a service that is away for a while, such as one that is being restarted, to be back. Only reading is
 *     tried again, and only of a service that has answered before or says itself that it is away: a wrong address is told at
 *     once
 */
public record Patience(Duration answer, Duration away) {
    public static final Patience DEFAULT = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(30));

    public Patience {
        if (!answer.isPositive() || away.isNegative()) {
            throw new IllegalArgumentException("a call needs some time to be answered");
        }
    }
}
