package io.mailferry.planner.rule;

import io.mailferry.contracts.exchange.ExchangeBuild;
import java.util.Optional;

/**
 * @param from first build of the range
 * @param below first build behind the range; empty for the last one
 * @param says what happens there, as the middle of a sentence
 */
public record BuildRange(
        String name, ExchangeBuild from, Optional<ExchangeBuild> below, MapiEffect effect, String says) {
    boolean contains(ExchangeBuild build) {
        return build.atLeast(from) && below.map(end -> !build.atLeast(end)).orElse(true);
    }
}
