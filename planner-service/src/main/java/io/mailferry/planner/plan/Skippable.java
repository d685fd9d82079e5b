package io.mailferry.planner.plan;

/**
 * How many items of a mailbox may be skipped as unreadable before its copy is no proof any more: a share of its items, or
 * a number of them that must not be too large a share either. {@link PlanSettings} explains each.
 */
record Skippable(double percent, int items, double itemsPercentMax) {
    Skippable {
        if (!(percent >= 0 && percent <= itemsPercentMax && itemsPercentMax <= 100) || items < 0) {
            throw new IllegalArgumentException("mailferry.planner.plans.skipped-percent is from 0 to"
                    + " skipped-items-percent-max, that at most 100, and skipped-items not below 0");
        }
    }

    /** @param read items that are in the copy */
    boolean allows(long read, long skipped) {
        double share = skipped == 0 ? 0 : 100.0 * skipped / (read + skipped);
        return share <= percent || (skipped <= items && share <= itemsPercentMax);
    }
}
