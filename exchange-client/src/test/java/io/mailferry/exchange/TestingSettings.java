package io.mailferry.exchange;

import io.mailferry.exchange.connection.ConnectionLimits;
import io.mailferry.exchange.connection.Pacing;
import io.mailferry.exchange.connection.Pause;
import io.mailferry.exchange.connection.RetryLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Limits that no test comes near, for sessions of tests that are about something else. */
final class TestingSettings {
    static final ConnectionLimits CONNECTION =
            new ConnectionLimits(Duration.ofSeconds(20), Duration.ofSeconds(120), Duration.ofMinutes(30), 8L << 30, 3);

    private TestingSettings() {}

    static ExchangeSession.Settings with(ConnectionLimits connection) {
        return new ExchangeSession.Settings(
                connection,
                new RetryLimits(2, Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMinutes(5)),
                Pacing.NONE,
                Pause.SLEEP,
                Clock.systemUTC(),
                RandomGenerator.getDefault());
    }
}
