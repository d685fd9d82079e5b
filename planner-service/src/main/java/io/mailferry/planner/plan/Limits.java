package io.mailferry.planner.plan;

import java.time.Duration;

/** The pace of a plan; {@link PlanSettings} explains each. */
record Limits(
        int exportsAtOnce,
        int verificationsAtOnce,
        int attemptsMax,
        Duration pauseFirst,
        Duration pauseMax,
        Duration agentExpiry,
        Duration jobExpiry,
        Skippable skippable) {
    Limits {
        if (exportsAtOnce < 1 || verificationsAtOnce < 1 || attemptsMax < 1) {
            throw new IllegalArgumentException(
                    "mailferry.planner.plans.exports-at-once, verifications-at-once and attempts-max are at least 1");
        }
    }

    static Limits of(PlanSettings settings) {
        return new Limits(
                settings.exportsAtOnce(),
                settings.verificationsAtOnce(),
                settings.attemptsMax(),
                settings.pauseFirst(),
                settings.pauseMax(),
                settings.agentExpiry(),
                settings.jobExpiry(),
                new Skippable(settings.skippedPercent(), settings.skippedItems(), settings.skippedItemsPercentMax()));
    }

    /** @param attempts how many have failed, from 1 */
    Duration pauseAfter(int attempts) {
        Duration pause = pauseFirst.multipliedBy(1L << Math.min(attempts - 1, 20));
        return pause.compareTo(pauseMax) > 0 ? pauseMax : pause;
    }
}
