package io.mailferry.simulator.fault;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * A fault and when it strikes.
 *
 * @param fault what happens
 * @param operation only for this EWS operation; null for all
 * @param requests how many requests it strikes before it is spent; null for no end
 * @param probability the share of requests that it strikes; null for all
 */
public record FaultRule(
        @JsonUnwrapped Fault fault,
        @Nullable String operation,
        @Nullable Integer requests,
        @Nullable Double probability) {
    public FaultRule {
        if (requests != null && requests <= 0) {
            throw new IllegalArgumentException("requests must be above 0");
        }
        if (probability != null && (probability <= 0 || probability > 1)) {
            throw new IllegalArgumentException("probability must be above 0 and at most 1");
        }
    }
}
