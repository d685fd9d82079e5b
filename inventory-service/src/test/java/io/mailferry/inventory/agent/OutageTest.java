package io.mailferry.inventory.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailferry.contracts.inventory.InventoryEvent.FleetSilence;
import io.mailferry.inventory.agent.Outage.Count;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OutageTest {
    private static final Instant NOW = Instant.parse("2026-04-01T08:00:00Z");
    private static final Instant SWEPT = NOW.minusSeconds(5);

    private final Outage outage =
            new Outage(new Outage.Limits(0.5, 10, 50, 0.1, Duration.ofMinutes(30)), Duration.ofSeconds(90));

    @Test
    void beginsWhenMoreThanHalfIsMissingAndOneIsDue() {
        assertThat(outage.begins(new Count(1_000, 501, 1), false, SWEPT, NOW)).contains(FleetSilence.AGENTS_MISSING);
        assertThat(outage.begins(new Count(1_000, 501, 0), false, SWEPT, NOW)).isEmpty();
        assertThat(outage.begins(new Count(1_000, 500, 500), false, SWEPT, NOW)).isEmpty();
    }

    @Test
    void tellsAFewAgentsOneByOne() {
        assertThat(outage.begins(new Count(9, 9, 9), false, SWEPT, NOW)).isEmpty();
        assertThat(outage.begins(new Count(10, 10, 1), false, SWEPT, NOW)).contains(FleetSilence.AGENTS_MISSING);
    }

    @Test
    void beginsForASmallFleetTooWhenMostOfAllFleetsIsMissing() {
        assertThat(outage.isMostOfAll(new Count(100, 51, 1))).isTrue();
        assertThat(outage.isMostOfAll(new Count(60, 49, 49))).isFalse();
        assertThat(outage.begins(new Count(3, 2, 1), true, SWEPT, NOW)).contains(FleetSilence.AGENTS_MISSING);
        assertThat(outage.begins(new Count(3, 2, 0), true, SWEPT, NOW)).isEmpty();
    }

    @Test
    void beginsWhenTheGatewayWasAwayAndAnybodyIsMissing() {
        Instant longAgo = NOW.minusSeconds(91);
        assertThat(outage.begins(new Count(3, 1, 0), false, longAgo, NOW)).contains(FleetSilence.GATEWAY_AWAY);
        assertThat(outage.begins(new Count(3, 0, 0), false, longAgo, NOW)).isEmpty();
        assertThat(outage.begins(new Count(3, 1, 0), false, NOW.minusSeconds(90), NOW))
                .isEmpty();
    }

    @Test
    void endsWhenAlmostAllAreBackOrTheTimeToReturnIsOver() {
        Instant justNow = NOW.minusSeconds(60);
        assertThat(outage.ends(new Count(100, 10, 0), justNow, NOW)).isTrue();
        assertThat(outage.ends(new Count(100, 11, 0), justNow, NOW)).isFalse();
        Instant longAgo = NOW.minus(Duration.ofMinutes(31));
        assertThat(outage.ends(new Count(100, 50, 0), longAgo, NOW)).isTrue();
        assertThat(outage.ends(new Count(100, 51, 0), longAgo, NOW)).isFalse();
    }
}
