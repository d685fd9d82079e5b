package io.mailferry.messaging.inbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often a record is taken again, and how long is remembered that it was. */
@ConfigMapping(prefix = "mailferry.inbox")
public interface InboxSettings {
    /** Pause after the first failure to take a record; doubled after each further one. */
    @WithDefault("PT0.1S")
    Duration pauseFirst();

    /** The longest pause between two tries with one record. */
    @WithDefault("PT5S")
    Duration pauseMax();

    /**
     * How long one record may wait for PostgreSQL to come back. Then its channel fails, the service is no longer healthy,
     * and once restarted takes the record anew. Below 10 minutes, when the channel gives up by itself.
     */
    @WithDefault("PT5M")
    Duration deadline();

    /** How often a record is tried that fails although nothing is away, before it goes to the dead-letter topic. */
    @WithDefault("4")
    int attemptsMax();

    /** How long the broker may take to acknowledge a dead letter. */
    @WithDefault("PT30S")
    Duration deadLetterAcknowledgement();

    /** How long the ids of taken events are remembered; longer than the topics keep the events themselves. */
    @WithDefault("P14D")
    Duration rememberedFor();

    /** Ids forgotten in one transaction, which bounds how long it takes. */
    @WithDefault("50000")
    int forgottenMax();

    /** How many such transactions follow each other while there are more ids to forget; the rest waits for the next time. */
    @WithDefault("20")
    int forgottenRoundsMax();

    /** How often ids are forgotten. */
    @WithDefault("PT5M")
    Duration forgottenEvery();
}
