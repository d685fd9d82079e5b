package io.mailferry.exporter.slot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How hard one Exchange server is worked. */
@ConfigMapping(prefix = "mailferry.slots")
public interface SlotSettings {
    /** Mailboxes of one server that are read at a time when nothing is known of it yet. */
    @WithDefault("3")
    int widthFirst();

    /** The most mailboxes of one server at a time. Microsoft advises at most 10 open requests. */
    @WithDefault("10")
    int widthMax();

    /** The limit grows by one after so long without a throttling answer, while work goes on. */
    @WithDefault("PT30S")
    Duration widenAfter();

    /** The limit halves at most once in so long: several workers meet one throttling together. */
    @WithDefault("PT10S")
    Duration narrowAtMostEvery();

    /** How long no further mailbox of a server is begun after a throttling answer that names no time. */
    @WithDefault("PT5S")
    Duration holdDefault();

    /** The longest that no further mailbox of a server is begun, whatever time a throttling answer names. */
    @WithDefault("PT1H")
    Duration holdMax();
}
