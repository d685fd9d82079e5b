package io.mailferry.planner.export;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What an operator asks for directly. */
@ConfigMapping(prefix = "mailferry.planner.exports")
public interface ExportSettings {
    /** How long such an export or verification may wait to be begun before it counts as expired. */
    @WithDefault("PT1H")
    Duration expiry();
}
