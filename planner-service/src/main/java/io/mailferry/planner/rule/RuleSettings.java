package io.mailferry.planner.rule;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where announcements are read from. */
@ConfigMapping(prefix = "mailferry.planner.rules")
public interface RuleSettings {
    /**
     * A folder whose {@code *.yaml} files take the place of the announcements that come with the service. Set it to add
     * a white-label brand or a newer announcement without a new version.
     */
    Optional<Path> directory();
}
