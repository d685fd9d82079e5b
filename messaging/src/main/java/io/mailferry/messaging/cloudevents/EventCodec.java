package io.mailferry.messaging.cloudevents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Writes events as CloudEvents in binary mode and reads them back. Thread-safe. */
public final class EventCodec {
    private static final String SPEC_VERSION = "1.0";
    private static final String HEADER_SPEC_VERSION = "ce_specversion";
    private static final String HEADER_ID = "ce_id";
    private static final String HEADER_SOURCE = "ce_source";
    private static final String HEADER_TYPE = "ce_type";
    private static final String HEADER_TIME = "ce_time";
    private static final String HEADER_TENANT = "ce_mailferrytenant";
    private static final String HEADER_CONTENT_TYPE = "content-type";

    private final String source;
    private final Clock clock;
    private final ObjectMapper mapper = EventMapper.create();

    /** @param source the service that speaks, such as {@code planner-service} */
    public EventCodec(String source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The record that tells this event, under the given id. */
    public ProducerRecord<byte[], byte[]> encode(EventId id, Event event) {
        ProducerRecord<byte[], byte[]> written =
                new ProducerRecord<>(Topic.of(event).topicName(), utf8(event.key()), body(event));
        Headers headers = written.headers();
        headers.add(HEADER_SPEC_VERSION, utf8(SPEC_VERSION));
        headers.add(HEADER_ID, utf8(id.toString()));
        headers.add(HEADER_SOURCE, utf8(source));
        headers.add(HEADER_TYPE, utf8(Topic.typeOf(event)));
        headers.add(HEADER_TIME, utf8(clock.instant().toString()));
        headers.add(HEADER_TENANT, utf8(event.tenant().toString()));
        headers.add(HEADER_CONTENT_TYPE, utf8("application/json"));
        return written;
    }

    /** What the record says; never throws on a bad one. */
    public Decoded decode(ConsumerRecord<byte[], byte[]> received) {
        Optional<Topic> topic = Topic.named(received.topic());
        if (topic.isEmpty()) {
            return new Decoded.Unreadable(Decoded.Reason.UNKNOWN_TOPIC);
        }
        Headers headers = received.headers();
        Optional<String> type = text(headers, HEADER_TYPE);
        if (type.isEmpty() || !text(headers, HEADER_SPEC_VERSION).equals(Optional.of(SPEC_VERSION))) {
            return new Decoded.Unreadable(Decoded.Reason.NOT_A_CLOUD_EVENT);
        }
        Class<? extends Event> eventClass = topic.get().types().get(type.get());
        if (eventClass == null) {
            return new Decoded.Unreadable(Decoded.Reason.UNKNOWN_TYPE);
        }
        if (received.value() == null || received.value().length == 0) {
            return new Decoded.Unreadable(Decoded.Reason.BODY_MISSING);
        }
        return decode(headers, received.value(), eventClass);
    }

    private Decoded decode(Headers headers, byte[] value, Class<? extends Event> eventClass) {
        EventId id;
        TenantId tenant;
        Instant time;
        try {
            id = EventId.of(text(headers, HEADER_ID).orElse(""));
            tenant = TenantId.of(text(headers, HEADER_TENANT).orElse(""));
            time = Instant.parse(text(headers, HEADER_TIME).orElse(""));
        } catch (IllegalArgumentException | DateTimeException e) {
            return new Decoded.Unreadable(Decoded.Reason.NOT_A_CLOUD_EVENT);
        }
        try {
            Event event = mapper.readValue(value, eventClass);
            return event.tenant().equals(tenant)
                    ? new Decoded.Known(id, time, event)
                    : new Decoded.Unreadable(Decoded.Reason.TENANT_MISMATCH);
        } catch (IOException | RuntimeException e) {
            // The parser's message may quote the body, so only the category leaves this method.
            return new Decoded.Unreadable(Decoded.Reason.BODY_UNREADABLE);
        }
    }

    private byte[] body(Event event) {
        try {
            return mapper.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("contracts can always be written as JSON", e);
        }
    }

    private static Optional<String> text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
