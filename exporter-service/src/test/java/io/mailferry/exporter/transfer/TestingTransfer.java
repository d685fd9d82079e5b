package io.mailferry.exporter.transfer;

import io.mailferry.messaging.cloudevents.EventCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;

/** The way to a real item topic, without a container and without progress events: only the log confirms. */
public final class TestingTransfer implements AutoCloseable {
    private final ItemTopic topic;
    private final Window window;

    public TestingTransfer(TransferSettings settings) {
        topic = new ItemTopic(settings, new SimpleMeterRegistry());
        window = new Window(
                topic, new EventCodec("exporter-service", Clock.systemUTC()), settings, new SimpleMeterRegistry());
    }

    public Window window() {
        return window;
    }

    @Override
    public void close() {
        topic.close();
    }
}
