package io.mailferry.exchange.connection;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how long a request is repeated.
 *
 * @param attemptsMax all attempts of one request, the first included
 * @param pauseMin the first pause; it doubles, with up to half of itself taken off at random
 * @param pauseMax the longest pause of ours
 * @param backOffMax the longest pause that the server may ask for; a longer one is handed to the caller, who gives
 *     its worker to somebody else meanwhile
 */
public record RetryLimits(int attemptsMax, Duration pauseMin, Duration pauseMax, Duration backOffMax) {

    public RetryLimits {
        if (attemptsMax < 1) {
            throw new IllegalArgumentException("at least one attempt");
        }
    }

    Duration pause(int attempt, RandomGenerator random) {
        long doubled = pauseMin.toMillis() << Math.min(20, attempt - 1);
        long capped = Math.max(1, Math.min(pauseMax.toMillis(), doubled));
        return Duration.ofMillis(capped - random.nextLong(capped / 2 + 1));
    }
}
