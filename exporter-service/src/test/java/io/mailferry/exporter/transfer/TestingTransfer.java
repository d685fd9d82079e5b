package io.mailferry.exporter.transfer;

import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.PartSink;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** The way to a real item topic, without a container and without progress events: only the log confirms. */
public final class TestingTransfer implements AutoCloseable {
    private final ItemTopic topic;
    private final Window window;

    public TestingTransfer(TransferSettings settings) {
        topic = new ItemTopic(settings, new SimpleMeterRegistry());
        window = new Window(
                topic, new EventCodec("exporter-service", Clock.systemUTC()), settings, new SimpleMeterRegistry());
    }

    /** An attempt's way that ends in this sink, with a window that is never full. */
    public static Unconfirmed into(AttemptPlace place, PartSink sink) {
        return new Unconfirmed(
                place,
                (mailbox, encoded, attempt) -> sink.send(encoded),
                new AtomicLong(),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                () -> {},
                () -> {});
    }

    public Window window() {
        return window;
    }

    @Override
    public void close() {
        topic.close();
    }
}
