package io.mailferry.planner.rule;

import java.util.Locale;
import java.util.Set;

/**
 * @param brand the product's name in lower case, or {@link #ANY}
 * @param affectedMajors the major versions that the announcement speaks of
 * @param ewsFrom the first version with EWS backup mode
 */
public record AgentRule(String brand, Set<Integer> affectedMajors, AgentVersion ewsFrom) {
    static final String ANY = "any";

    public AgentRule {
        affectedMajors = Set.copyOf(affectedMajors);
    }

    boolean coversBrand(String name) {
        return brand.equals(ANY) || brand.equals(name.strip().toLowerCase(Locale.ROOT));
    }

    public boolean covers(AgentVersion version) {
        return affectedMajors.contains(version.major());
    }
}
