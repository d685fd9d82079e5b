package io.mailferry.planner.risk;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is said of one backup set.
 *
 * @param rule the announcement with its version, or the word for why none applies
 * @param facts what it rests on, by name: build, mode, brand, agentVersion, plannedBuild, plannedAt, range
 * @param sentence for an operator; names no person and no address
 * @param asks what an operator should find out; empty unless the risk is UNKNOWN
 * @param uncovered parts of the set that no EWS backup has
 */
public record Verdict(
        Risk risk,
        String rule,
        Map<String, String> facts,
        String sentence,
        Optional<String> asks,
        List<Uncovered> uncovered) {
    public Verdict {
        uncovered = List.copyOf(uncovered);
        facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    }
}
