package io.mailferry.planner.plan;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The pace of plans. */
@ConfigMapping(prefix = "mailferry.planner.plans")
public interface PlanSettings {
    /** Mailboxes of one plan that are exported at the same time. More load the Exchange server more. */
    @WithDefault("4")
    int exportsAtOnce();

    /** Restore points of one plan that are verified at the same time. */
    @WithDefault("4")
    int verificationsAtOnce();

    /** Attempts of one step before an operator is asked, counted anew after each retry of the operator's. */
    @WithDefault("3")
    int attemptsMax();

    /** Pause after a step's first failure that may pass; doubled after each further one. */
    @WithDefault("PT10S")
    Duration pauseFirst();

    /** The longest pause between two attempts. */
    @WithDefault("PT30M")
    Duration pauseMax();

    /** How long an agent may take to begin a command; an agent that is offline longer misses it. */
    @WithDefault("PT24H")
    Duration agentExpiry();

    /** How long an export or a verification may wait to be begun. */
    @WithDefault("PT24H")
    Duration jobExpiry();

    /**
     * Share of a mailbox's items, in percent, that may be skipped as unreadable without its proof being doubted. Above what
     * this and {@code skipped-items} allow, the step fails with {@code TOO_MANY_SKIPPED} and the MAPI schedule stays on.
     */
    @WithDefault("1.0")
    double skippedPercent();

    /** Skipped items that are allowed even where they are more than {@code skipped-percent}. 0 leaves the percentage alone. */
    @WithDefault("10")
    int skippedItems();

    /**
     * Share in percent that {@code skipped-items} may never exceed, so that a few items are not most of a small mailbox. Not
     * below {@code skipped-percent}.
     */
    @WithDefault("10.0")
    double skippedItemsPercentMax();

    /** How often the clock is looked at for overdue commands and due steps. */
    @WithDefault("1s")
    Duration sweepEvery();

    /** Overdue commands and due steps taken up in one sweep. */
    @WithDefault("500")
    int sweepMax();
}
