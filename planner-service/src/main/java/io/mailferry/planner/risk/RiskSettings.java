package io.mailferry.planner.risk;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The policy in judging risk. */
@ConfigMapping(prefix = "mailferry.planner.risk")
public interface RiskSettings {
    /** Whether MAPI sets on servers whose build still works are moved now, without an update being planned. */
    @WithDefault("false")
    boolean moveEarly();
}
