package io.mailferry.planner;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is remembered of events that were taken. */
@ConfigMapping(prefix = "mailferry.planner.inbox")
public interface InboxSettings {
    /** How long the ids of taken events are remembered; longer than the topics keep the events themselves. */
    @WithDefault("P14D")
    Duration rememberedFor();

    /** Ids forgotten in one go, which bounds how long the transaction takes. */
    @WithDefault("50000")
    int forgottenMax();
}
