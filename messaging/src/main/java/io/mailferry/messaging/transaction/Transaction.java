package io.mailferry.messaging.transaction;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.EventId;
import io.mailferry.contracts.id.TenantId;
import org.jdbi.v3.core.Handle;

/** One open transaction: its SQL, the events that become true with it, and the events it has taken. */
public final class Transaction {
    private final Handle handle;

    Transaction(Handle handle) {
        this.handle = handle;
    }

    public Handle handle() {
        return handle;
    }

    /** Tells the event once this transaction commits, at least once, in order. */
    public void publish(Event event) {
        OutboxTable.insert(handle, EventId.random(), event);
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
