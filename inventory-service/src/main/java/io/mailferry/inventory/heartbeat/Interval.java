package io.mailferry.inventory.heartbeat;

import io.mailferry.inventory.agent.AgentSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The interval that agents are told: the configured one, and a longer one while heartbeats wait to be let in. A fleet that
 * comes half as often is the gentlest way to shed load, since nothing is refused and nothing is lost.
 */
@Singleton
final class Interval {
    private final Duration usual;
    private final Duration stretchAfter;
    private final int stretchMax;
    private final Supplier<Duration> wait;

    @Inject
    Interval(Admissions admissions, AgentSettings agents, GatewaySettings gateway, MeterRegistry meters) {
        this(agents.heartbeatInterval(), gateway.stretchAfter(), gateway.stretchMax(), admissions::lastWait);
        Gauge.builder(
                        "mailferry.inventory.heartbeat.interval",
                        this,
                        interval -> interval.next().toMillis() / 1_000.0)
                .description("The interval that agents are told at present")
                .baseUnit("seconds")
                .register(meters);
    }

    Interval(Duration usual, Duration stretchAfter, int stretchMax, Supplier<Duration> wait) {
        this.usual = usual;
        this.stretchAfter = stretchAfter;
        this.stretchMax = stretchMax;
        this.wait = wait;
    }

    /** Whether agents are told to come less often than usual, and so nobody should be kept waiting either. */
    boolean isStretched() {
        return next().compareTo(usual) > 0;
    }

    Duration next() {
        long waited = wait.get().toMillis();
        long bearable = Math.max(1, stretchAfter.toMillis());
        if (waited <= bearable) {
            return usual;
        }
        return Duration.ofMillis(Math.min(usual.toMillis() * stretchMax, usual.toMillis() * waited / bearable));
    }
}
