package io.mailferry.inventory.history;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long is remembered what changed. */
@ConfigMapping(prefix = "mailferry.history")
public interface HistorySettings {
    /** How long a change is kept; what exists itself is kept for ever. */
    @WithDefault("P400D")
    Duration keptFor();

    /** Changes forgotten in one go, which bounds how long the transaction takes. */
    @WithDefault("50000")
    int forgottenMax();

    /** How often old changes are forgotten. */
    @WithDefault("PT1H")
    Duration forgottenEvery();
}
