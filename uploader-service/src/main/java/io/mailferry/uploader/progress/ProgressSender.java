package io.mailferry.uploader.progress;

import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.messaging.cloudevents.EventCodec;
import io.mailferry.messaging.outbox.EventSender;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Sends progress and does not wait for it: an event that is lost costs the exporter a look into the log. Called after
 * the log entry and before the offsets are committed, so that a crash between repeats it rather than losing it.
 */
public final class ProgressSender {
    private static final Logger LOG = Logger.getLogger(ProgressSender.class);

    private final EventCodec codec;
    private final EventSender sender;
    private final MeterRegistry meters;

    public ProgressSender(EventCodec codec, EventSender sender, MeterRegistry meters) {
        this.codec = codec;
        this.sender = sender;
        this.meters = meters;
    }

    public void send(UploadProgress event) {
        String type = event.getClass().getSimpleName();
        meters.counter("mailferry.uploader.progress", "type", type).increment();
        try {
            var unused = sender.send(codec.encode(EventId.random(), event)).whenComplete((done, failure) -> {
                if (failure != null) {
                    failed(type, event);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            failed(type, event);
        }
    }

    private void failed(String type, UploadProgress event) {
        meters.counter("mailferry.uploader.progress.failures", "type", type).increment();
        LOG.warnf("Progress not sent: type=%s mailboxId=%s", type, event.mailbox());
    }
}
