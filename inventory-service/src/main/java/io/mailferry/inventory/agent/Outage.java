package io.mailferry.inventory.agent;

import io.mailferry.contracts.inventory.InventoryEvent.FleetSilence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a whole fleet is silent, and when it is back: decisions only. */
final class Outage {
    private final Limits limits;
    private final Duration gatewayAwayAfter;

    /** @param gatewayAwayAfter a gap between sweeps from which on agents can be late for no fault of theirs */
    Outage(Limits limits, Duration gatewayAwayAfter) {
        this.limits = limits;
        this.gatewayAwayAfter = gatewayAwayAfter;
    }

    /** See {@link AgentSettings}. */
    record Limits(double silentShare, int missingMin, int allMissingMin, double returnedShare, Duration returnsWithin) {
        static Limits of(AgentSettings settings) {
            return new Limits(
                    settings.fleetSilentShare(),
                    settings.fleetMissingMin(),
                    settings.allMissingMin(),
                    settings.fleetReturnedShare(),
                    settings.fleetReturnsWithin());
        }
    }

    /**
     * Agents as they are counted.
     *
     * @param known all but those whose own silence was told
     * @param missing those of them that are late or silent
     * @param due those of them whose silence would have to be told now
     */
    record Count(int known, int missing, int due) {
        Count plus(Count other) {
            return new Count(known + other.known, missing + other.missing, due + other.due);
        }
    }

    /** Whether this is no longer one agent here and one there. */
    boolean isMost(Count count, int missingMin) {
        return count.missing() >= missingMin && count.missing() > limits.silentShare() * count.known();
    }

    /** With all tenants together. */
    boolean isMostOfAll(Count all) {
        return isMost(all, limits.allMissingMin());
    }

    /** Whether the silence of this tenant's fleet begins. */
    Optional<FleetSilence> begins(Count count, boolean mostOfAll, Instant sweptBefore, Instant now) {
        if (count.missing() > 0 && sweptBefore.plus(gatewayAwayAfter).isBefore(now)) {
            return Optional.of(FleetSilence.GATEWAY_AWAY);
        }
        return count.due() > 0 && (mostOfAll || isMost(count, limits.missingMin()))
                ? Optional.of(FleetSilence.AGENTS_MISSING)
                : Optional.empty();
    }

    /**
     * Whether it ends: when almost all are back, or, since agents that met an outage come back over a while, when that while
     * is over and those still missing are no longer most.
     */
    boolean ends(Count count, Instant silentSince, Instant now) {
        if (count.missing() <= limits.returnedShare() * count.known()) {
            return true;
        }
        return silentSince.plus(limits.returnsWithin()).isBefore(now)
                && count.missing() <= limits.silentShare() * count.known();
    }
}
