package io.mailferry.archive.part;

import java.io.IOException;

/** Where encoded parts go, in order: Kafka, or a list in a test. May block to hold the sender back. */
public interface PartSink {
    /** @param encoded belongs to the sink from now on */
    void send(byte[] encoded) throws IOException;
}
