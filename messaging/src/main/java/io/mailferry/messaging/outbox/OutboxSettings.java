package io.mailferry.messaging.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The pace at which committed events leave for Kafka. */
@ConfigMapping(prefix = "mailferry.outbox")
public interface OutboxSettings {
    /** Events sent in one transaction. */
    @WithDefault("100")
    int rowsMax();

    /** How long to wait when there was nothing to send; what an event's way costs at most while all is well. */
    @WithDefault("PT0.1S")
    Duration idle();

    /** How long the broker may take to acknowledge one batch before it is sent again. */
    @WithDefault("PT30S")
    Duration acknowledgement();

    /** The longest pause after failures in a row, while Kafka or PostgreSQL is away. */
    @WithDefault("PT5S")
    Duration pauseMax();
}
