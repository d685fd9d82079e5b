package io.mailferry.inventory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The gauges that are counted from rows. */
@ConfigMapping(prefix = "mailferry.metrics")
public interface MetricsSettings {
    /** How often the rows are counted; a figure is at most this old. */
    @WithDefault("10s")
    Duration every();
}
