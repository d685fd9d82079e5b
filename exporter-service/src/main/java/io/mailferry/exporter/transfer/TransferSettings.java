package io.mailferry.exporter.transfer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much may be on its way, and how it is sent. */
@ConfigMapping(prefix = "mailferry.transfer")
public interface TransferSettings {
    /** Kafka's bootstrap address. */
    String bootstrap();

    /**
     * Bytes of one mailbox that may be sent and not yet stored before its next items are begun. One item may exceed it;
     * must hold at least two pages.
     */
    @WithDefault("50331648")
    long windowBytesPerMailbox();

    /** The same over all mailboxes of this process: bounds what Kafka's disk has to hold. */
    @WithDefault("134217728")
    long windowBytesPerProcess();

    /** Memory of the producer for records that the broker has not acknowledged. */
    @WithDefault("16777216")
    long bufferBytes();

    /** How long a record may wait for the broker before the attempt is given up. */
    @WithDefault("PT60S")
    Duration delivery();

    /** How long records on their way may still take when the service stops; what is lost then is sent anew. */
    @WithDefault("PT5S")
    Duration close();
}
