package io.mailferry.simulator.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found, one line for each rule, in the order in which they were looked at. */
public final class Verdicts {
    private static final String PASSED = "";

    private final Map<String, String> verdicts = new LinkedHashMap<>();

    Verdicts() {}

    /**
     * @param rule in the present tense, what an agent does
     * @param otherwise what it did instead
     */
    boolean that(boolean holds, String rule, String otherwise) {
        verdicts.merge(rule, holds ? PASSED : otherwise, (before, now) -> before.isEmpty() ? now : before);
        return holds;
    }

    /** Whether every rule is kept. */
    public boolean isConformant() {
        return failed().isEmpty();
    }

    /** The rules that are not kept. */
    public List<String> failed() {
        return verdicts.entrySet().stream()
                .filter(verdict -> !verdict.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All rules. */
    public List<String> rules() {
        return List.copyOf(verdicts.keySet());
    }

    /** One line for each rule. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        verdicts.forEach((rule, otherwise) ->
                lines.add(otherwise.isEmpty() ? "pass  " + rule : "FAIL  " + rule + ": " + otherwise));
        return lines;
    }
}
