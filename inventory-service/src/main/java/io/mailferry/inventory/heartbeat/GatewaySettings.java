package io.mailferry.inventory.heartbeat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the gateway answers agents. */
@ConfigMapping(prefix = "mailferry.gateway")
public interface GatewaySettings {
    /** How long a heartbeat may take until it is safely on Kafka; then the agent is told to come again. */
    @WithDefault("PT5S")
    Duration publishWithin();

    /** When an agent is told to come again while Kafka, PostgreSQL or the bucket is away. */
    @WithDefault("PT30S")
    Duration retryAfter();
}
