package io.mailferry.inventory.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.messaging.cloudevents.EventMapper;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where every change of the inventory is told: one event and one row of history, both true with the transaction. */
@Singleton
public final class Changes {
    private static final ObjectMapper MAPPER = EventMapper.create();
    private static final String INSERT = """
            INSERT INTO inventory_change (tenant, server, at, what, agent, backup_set, mailbox, before, after, said_by,
                said_agent, boot, sequence, operator)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final Clock clock;

    Changes(Clock clock) {
        this.clock = clock;
    }

    /** Tells of something that was not there before, or whose event itself says what was. Needs the server's row locked. */
    public void tell(Transaction transaction, Said said, InventoryEvent.OfServer event) {
        tell(transaction, said, event, Facts.of(event));
    }

    /** @param before the same event as it would have told what was so until now */
    public void tell(
            Transaction transaction, Said said, InventoryEvent.OfServer before, InventoryEvent.OfServer event) {
        tell(transaction, said, event, Facts.of(before, event));
    }

    private void tell(Transaction transaction, Said said, InventoryEvent.OfServer event, Facts facts) {
        transaction.publish(event);
        Source source = Source.of(said);
        transaction.writeLater(
                INSERT,
                event.tenant(),
                event.server(),
                clock.instant(),
                event.getClass().getSimpleName(),
                facts.agent(),
                facts.backupSet(),
                facts.mailbox(),
                json(facts.before()),
                json(facts.after()),
                source.kind(),
                source.agent(),
                source.boot(),
                source.sequence(),
                source.operator());
    }

    private static @Nullable String json(Map<String, Object> facts) {
        try {
            return facts.isEmpty() ? null : MAPPER.writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and words can always be written as JSON", e);
        }
    }

    /** The columns of {@link Said}. */
    private record Source(
            String kind,
            @Nullable AgentId agent,
            @Nullable UUID boot,
            @Nullable Long sequence,
            @Nullable String operator) {
        static Source of(Said said) {
            return switch (said) {
                case Said.Agent agent -> new Source("AGENT", agent.agent(), agent.boot(), agent.sequence(), null);
                case Said.Operator operator -> new Source("OPERATOR", null, null, null, operator.name());
                case Said.Exchange _ -> new Source("EXCHANGE", null, null, null, null);
                case Said.Silence _ -> new Source("SILENCE", null, null, null, null);
            };
        }
    }
}
