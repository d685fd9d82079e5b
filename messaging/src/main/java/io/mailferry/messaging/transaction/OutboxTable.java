package io.mailferry.messaging.transaction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.Event;
import io.mailferry.contracts.Topic;
import io.mailferry.contracts.id.EventId;
import io.mailferry.messaging.cloudevents.EventMapper;
import java.io.IOException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Rows of the outbox: events that are true, but not yet told. */
public final class OutboxTable {
    private static final ObjectMapper MAPPER = EventMapper.create();

    private OutboxTable() {}

    /** One row; {@code position} orders them. */
    public record Row(long position, EventId id, Event event) {}

    /** An event on its way into the outbox. */
    record Unsent(EventId id, Event event) {}

    /** In this order, which is the one in which they leave. */
    static void insert(Handle handle, List<Unsent> events) {
        PreparedBatch batch =
                handle.prepareBatch("INSERT INTO outbox (tenant, event, topic, type, body) VALUES (?, ?, ?, ?, ?)");
        for (Unsent unsent : events) {
            batch.add(
                    unsent.event().tenant(),
                    unsent.id(),
                    Topic.of(unsent.event()).topicName(),
                    Topic.typeOf(unsent.event()),
                    body(unsent.event()));
        }
        batch.execute();
    }

    /** The rows that must leave first, in order; sees every tenant's only across tenants. */
    public static List<Row> oldest(Handle handle, int rowsMax) {
        return handle.select("SELECT position, event, topic, type, body FROM outbox ORDER BY position LIMIT ?", rowsMax)
                .map((row, context) -> new Row(
                        row.getLong("position"),
                        EventId.of(row.getString("event")),
                        event(row.getString("topic"), row.getString("type"), row.getBytes("body"))))
                .list();
    }

    /** Forgets rows that the broker has acknowledged. */
    public static void delete(Handle handle, List<Row> rows) {
        handle.createUpdate("DELETE FROM outbox WHERE position = ANY (:positions)")
                .bindArray(
                        "positions",
                        Long.class,
                        rows.stream().map(Row::position).toList())
                .execute();
    }

    /** How many rows wait. */
    public static long pending(Handle handle) {
        return handle.select("SELECT count(*) FROM outbox").mapTo(Long.class).one();
    }

    private static byte[] body(Event event) {
        try {
            return MAPPER.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("contracts can always be written as JSON", e);
        }
    }

    private static Event event(String topic, String type, byte[] body) {
        Class<? extends Event> eventClass =
                Topic.named(topic).map(known -> known.types().get(type)).orElse(null);
        if (eventClass == null) {
            throw new IllegalStateException("the outbox holds an event of a type this version does not know: " + type);
        }
        try {
            return MAPPER.readValue(body, eventClass);
        } catch (IOException e) {
            throw new IllegalStateException("the outbox holds an unreadable event of type " + type);
        }
    }
}
