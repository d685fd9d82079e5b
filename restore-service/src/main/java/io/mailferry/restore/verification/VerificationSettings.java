package io.mailferry.restore.verification;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How verification jobs are worked on. */
@ConfigMapping(prefix = "mailferry.verification")
public interface VerificationSettings {
    /** Jobs that one process works on at a time. Each needs some tens of megabytes of heap and scratch space of its own. */
    @WithDefault("2")
    int workers();

    /** How often a job's progress is written down and told; also renews its lease. */
    @WithDefault("PT1S")
    Duration progressEvery();

    /** How long a job belongs to a worker that says nothing; renewed at least three times as often. */
    @WithDefault("PT30S")
    Duration lease();

    /** How long an idle worker waits before it looks for jobs again. */
    @WithDefault("PT0.5S")
    Duration poll();

    /** How often a job may be begun before it counts as failed; not counting when a worker that stops hands it back. */
    @WithDefault("6")
    int attemptsMax();

    /** Pause after a job's first transient failure; doubled after each further one. */
    @WithDefault("PT1S")
    Duration pauseFirst();

    /** The longest pause between two attempts at a job. */
    @WithDefault("PT1M")
    Duration pauseMax();

    /**
     * How long jobs in hand may go on when the service is asked to stop, before they are handed back; and then how long
     * they may take to notice. Twice this fits the time that the service is given to stop.
     */
    @WithDefault("PT10S")
    Duration drain();
}
