package io.mailferry.planner.command;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long commands are waited for. */
@ConfigMapping(prefix = "mailferry.planner.commands")
public interface CommandSettings {
    /** How long after its expiry a command that nobody began is given up; covers a result that is still under way. */
    @WithDefault("PT1M")
    Duration grace();

    /**
     * How long a command that was accepted may stay silent before it is given up, though never before its expiry. Longer
     * than any pause of an export.
     */
    @WithDefault("PT6H")
    Duration silence();
}
