package io.mailferry.simulator.agent;

import java.time.Duration;
import java.util.Map;

/**
 * How agents are started.
 *
 * @param gatewayUrl base of the gateway, for example http://127.0.0.1:8081
 * @param tokens enrolment token by the tenant's name in the fleet; agents of other tenants stay silent
 * @param upgradeMillis how long an upgrade takes
 * @param workMillis how long every other command takes
 * @param heartbeatMillisMax if the gateway asks for a longer interval or pause, this one is kept all the same; 0 for none
 */
public record AgentOptions(
        String gatewayUrl, Map<String, String> tokens, long upgradeMillis, long workMillis, long heartbeatMillisMax) {
    private static final long MILLIS_MAX = Duration.ofHours(1).toMillis();

    public AgentOptions {
        tokens = Map.copyOf(tokens);
        for (long millis : new long[] {upgradeMillis, workMillis, heartbeatMillisMax}) {
            if (millis < 0 || millis > MILLIS_MAX) {
                throw new IllegalArgumentException("A time must be from 0 to an hour");
            }
        }
    }

    /** Tokens are not for logs. */
    @Override
    public String toString() {
        return "AgentOptions[" + tokens.size() + " tenants]";
    }
}
