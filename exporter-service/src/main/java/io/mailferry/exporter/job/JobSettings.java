package io.mailferry.exporter.job;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How export jobs are worked on. */
@ConfigMapping(prefix = "mailferry.jobs")
public interface JobSettings {
    /** Mailboxes that one process reads at a time. Each needs some ten megabytes of heap. */
    @WithDefault("4")
    int workers();

    /** How long a job belongs to a worker that says nothing; what a killed exporter costs before another goes on. */
    @WithDefault("PT15S")
    Duration lease();

    /** How often a lease is renewed and progress is told; a fraction of the lease. */
    @WithDefault("PT2S")
    Duration renewal();

    /** How long an idle worker waits before it looks for jobs again. */
    @WithDefault("PT0.5S")
    Duration poll();

    /** How often in a row a job may fail for passing reasons without storing one page before it counts as failed. */
    @WithDefault("60")
    int turnsInVainMax();

    /**
     * How often in a row a job may fail for passing reasons at the same place of its mailbox, whatever it stores on the
     * way there, before it counts as failed. A place is a folder with its newest stored sync state, or the mailbox's
     * end. The next state comes after at most 512 changes, so a slow server needs few turns for it.
     */
    @WithDefault("200")
    int turnsAtOnePlaceMax();

    /** How many turns a job may have in all before a passing failure ends it, however much each of them stores. */
    @WithDefault("10000")
    int turnsMax();

    /** Pause after a job's first passing failure; doubled after each further one in a row. */
    @WithDefault("PT1S")
    Duration pauseFirst();

    /** The longest pause between two turns with a job, unless the Exchange server asks for more. */
    @WithDefault("PT1M")
    Duration pauseMax();

    /** The longest pause between two turns with a job, whatever the Exchange server asks for. */
    @WithDefault("PT1H")
    Duration backOffMax();

    /** How long mailboxes in hand may go on to a good moment when the service is asked to stop. */
    @WithDefault("PT10S")
    Duration drain();
}
