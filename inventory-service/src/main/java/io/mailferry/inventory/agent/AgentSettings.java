package io.mailferry.inventory.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often agents report and when their silence is noticed. */
@ConfigMapping(prefix = "mailferry.agents")
public interface AgentSettings {
    /** The interval that agents are told. Shorter shows changes and starts commands sooner, and costs more. */
    @WithDefault("PT30S")
    Duration heartbeatInterval();

    /** Silence after which an agent counts as late, as a multiple of the interval. */
    @WithDefault("3")
    int lateAfterIntervals();

    /** Silence after which an agent counts as silent. */
    @WithDefault("PT5M")
    Duration silentAfter();

    /** How many boots of one agent are remembered to tell clones from restarts. */
    @WithDefault("100")
    int bootsMax();
}
