package io.mailferry.inventory.command;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How commands reach agents. */
@ConfigMapping(prefix = "mailferry.commands")
public interface CommandSettings {
    /** How many commands one answer carries at most; the oldest go first. */
    @WithDefault("16")
    int deliveredMax();

    /** How long a live agent may not speak of what it has begun before it is given the command once more. */
    @WithDefault("PT30M")
    Duration lease();

    /** How often a command is given to an agent that forgets it, in all. */
    @WithDefault("3")
    int attemptsMax();

    /** How long after its expiry a begun command may stay unfinished before it counts as failed. */
    @WithDefault("PT24H")
    Duration lostAfter();

    /** How many overdue commands one sweep settles at most. */
    @WithDefault("200")
    int sweptMax();

    /** How often the clock is looked at for overdue commands. */
    @WithDefault("5s")
    Duration sweepEvery();
}
