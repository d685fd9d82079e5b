package io.mailferry.simulator.fault;

import io.mailferry.simulator.mail.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults of one server, in the order in which they were set; the first that strikes is taken. */
public final class Faults {
    /** More rules than this are a mistake of the one who sets them. */
    private static final int RULES_MAX = 100;

    private final Chance chance;
    private final List<FaultRule> rules = new ArrayList<>();

    public Faults(long seed) {
        this.chance = Chance.of(seed, 13);
    }

    public synchronized void add(FaultRule rule) {
        if (rules.size() >= RULES_MAX) {
            throw new IllegalArgumentException("At most " + RULES_MAX + " faults at a time");
        }
        rules.add(rule);
    }

    public synchronized void clear() {
        rules.clear();
    }

    /** The faults that are not spent. */
    public synchronized List<FaultRule> pending() {
        return List.copyOf(rules);
    }

    /** The fault for a request, if one strikes it. */
    public synchronized Optional<Fault> strike(String operation) {
        for (int i = 0; i < rules.size(); i++) {
            FaultRule rule = rules.get(i);
            boolean strikes = (rule.operation() == null || rule.operation().equals(operation))
                    && (rule.probability() == null || chance.in(rule.probability()));
            if (strikes) {
                spend(i, rule);
                return Optional.of(rule.fault());
            }
        }
        return Optional.empty();
    }

    private void spend(int index, FaultRule rule) {
        if (rule.requests() == null) {
            return;
        }
        if (rule.requests() == 1) {
            rules.remove(index);
        } else {
            rules.set(index, new FaultRule(rule.fault(), rule.operation(), rule.requests() - 1, rule.probability()));
        }
    }
}
