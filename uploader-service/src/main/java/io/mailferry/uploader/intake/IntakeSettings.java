package io.mailferry.uploader.intake;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the item topic is read. */
@ConfigMapping(prefix = "mailferry.intake")
public interface IntakeSettings {
    /** Kafka's addresses. */
    String bootstrapServers();

    /** The consumer group that all uploaders of one installation share. */
    @WithDefault("uploader-service")
    String group();

    /** After so long without a heartbeat a member counts as dead and others get its partitions. */
    @WithDefault("10s")
    Duration sessionTimeout();

    /** Longest wait in one poll. */
    @WithDefault("200ms")
    Duration pollTimeout();

    /** Bytes that one answer of the broker may hold; several may be in heap at a time. */
    @WithDefault("8M")
    MemorySize fetchBytesMax();

    /** The same for one partition. A larger single record still comes. */
    @WithDefault("2M")
    MemorySize partitionFetchBytesMax();

    /** Heap for parts handed to lanes and not yet handled, over all mailboxes. More pauses all partitions. */
    @WithDefault("24M")
    MemorySize queueBytesMax();

    /**
     * Mailboxes at work at a time. One that has nothing under way leaves its place to the next; if none has, all
     * partitions pause until one is done. Passed over while all of them wait for the rest of a page.
     */
    @WithDefault("500")
    int mailboxesMax();

    /** How often offsets of settled parts are committed. */
    @WithDefault("500ms")
    Duration commitEvery();

    /** How often records below committed offsets are deleted on the broker, which bounds its disk. */
    @WithDefault("5s")
    Duration deleteEvery();

    /** How long a lane may finish what is whole when its partition goes elsewhere. */
    @WithDefault("3s")
    Duration handover();

    /** The same for all lanes when the service stops. */
    @WithDefault("15s")
    Duration drain();

    /** Pause before the consumer is made anew after it failed. */
    @WithDefault("2s")
    Duration restartPause();

    /** The service is not healthy when no poll has come back for so long. */
    @WithDefault("1m")
    Duration pollSilenceMax();
}
