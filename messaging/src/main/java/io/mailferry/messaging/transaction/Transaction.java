package io.mailferry.messaging.transaction;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** One open transaction: its SQL, the events that become true with it, and the events it has taken. */
public final class Transaction {
    /** So that a change of many rows does not gather in memory until its transaction ends. */
    private static final int GATHERED_MAX = 500;

    private final Handle handle;
    private final List<OutboxTable.Unsent> events = new ArrayList<>();
    private final Map<String, List<@Nullable Object[]>> writes = new LinkedHashMap<>();
    private int gathered;

    Transaction(Handle handle) {
        this.handle = handle;
    }

    public Handle handle() {
        return handle;
    }

    /** Tells the event once this transaction commits, at least once, in order. */
    public void publish(Event event) {
        events.add(new OutboxTable.Unsent(EventId.random(), event));
        gathered();
    }

    /**
     * Writes a row by the end of this transaction, together with other rows of the same statement and so at a fraction of
     * their cost. Only for what nobody reads again in this transaction: nobody knows when within it the row is written.
     */
    public void writeLater(String sql, @Nullable Object... values) {
        writes.computeIfAbsent(sql, unused -> new ArrayList<>()).add(values);
        gathered();
    }

    private void gathered() {
        if (++gathered >= GATHERED_MAX) {
            flush();
        }
    }

    /** Writes what was gathered. */
    void flush() {
        writes.forEach((sql, rows) -> {
            PreparedBatch batch = handle.prepareBatch(sql);
            rows.forEach(batch::add);
            batch.execute();
        });
        writes.clear();
        if (!events.isEmpty()) {
            OutboxTable.insert(handle, events);
            events.clear();
        }
        gathered = 0;
    }

    /**
     * Whether this consumer sees the event for the first time; remembers it in this transaction, so that effect and
     * memory commit together.
     */
    public boolean firstSight(TenantId tenant, EventId event, String consumer) {
        return handle.execute(
                        "INSERT INTO inbox (tenant, consumer, event) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        tenant,
                        consumer,
                        event)
                == 1;
    }
}
