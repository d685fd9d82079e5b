package io.mailferry.exporter.transfer;

import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * What this process has sent and nobody has confirmed yet, attempt by attempt. Every exporter hears all progress of the
 * uploaders and takes what is its own; a missed event is made up for by reading the log.
 */
@Singleton
public class Window {
    private static final Logger LOG = Logger.getLogger(Window.class);

    private final ItemTopic topic;
    private final EventCodec codec;
    private final TransferSettings settings;
    private final AtomicLong processBytes = new AtomicLong();
    private final Map<AttemptId, Unconfirmed> attempts = new ConcurrentHashMap<>();

    Window(ItemTopic topic, EventCodec codec, TransferSettings settings, MeterRegistry meters) {
        this.topic = topic;
        this.codec = codec;
        this.settings = settings;
        meters.gauge("mailferry.exporter.unconfirmed.bytes", processBytes);
    }

    /**
     * Opens the way for an attempt's parts; to be closed with it.
     *
     * @param onStored called for each page that is confirmed, from any thread
     */
    public Unconfirmed open(AttemptPlace place, Runnable onStored) {
        Unconfirmed unconfirmed = new Unconfirmed(
                place,
                topic::send,
                processBytes,
                settings.windowBytesPerMailbox(),
                settings.windowBytesPerProcess(),
                onStored,
                () -> attempts.remove(place.attempt()));
        attempts.put(place.attempt(), unconfirmed);
        return unconfirmed;
    }

    /** Progress is a hint, so what cannot be read here is passed over: others set it aside. */
    @Incoming("progress")
    void on(ConsumerRecord<byte[], byte[]> received) {
        if (!received.topic().equals(Topic.UPLOAD_PROGRESS.topicName())) {
            return;
        }
        switch (codec.decode(received)) {
            case Decoded.Known known
            when known.event() instanceof UploadProgress progress -> {
                Unconfirmed attempt = attempts.get(progress.attempt());
                if (attempt != null) {
                    attempt.on(progress);
                }
            }
            case Decoded.Known _ -> {}
            case Decoded.Unreadable unreadable ->
                LOG.warnf("progress event not readable: reason=%s offset=%d", unreadable.reason(), received.offset());
        }
    }
}
