package io.mailferry.uploader.mailbox;

import io.mailferry.archive.part.Part;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the item topic, given to its mailbox's lane. */
public sealed interface Incoming {
    long offset();

    /** Heap it takes while it waits. */
    int bytes();

    /** A part. {@code value} is its encoded form, over which page digests are taken. */
    record Readable(long offset, Part part, byte[] value) implements Incoming {
        @Override
        public int bytes() {
            return value.length;
        }
    }

    /** A record that is no part; it goes to the dead-letter topic and its page is refused. */
    record Unreadable(long offset, ConsumerRecord<byte[], byte[]> received) implements Incoming {
        @Override
        public int bytes() {
            return received.value() == null ? 0 : received.value().length;
        }
    }
}
