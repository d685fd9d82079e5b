package io.mailferry.inventory.mailbox;

import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.messaging.transaction.RowArrays;
import io.mailferry.messaging.transaction.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The mailboxes that the statuses of one transaction speak of, as these change them: read together, written together.
 * Needs their servers' rows locked.
 */
public final class ReportedMailboxes {
    private static final String WRITE = """
            INSERT INTO mailbox (mailbox, tenant, server, exchange_guid, address, discovered_at)
            SELECT mailbox, CAST(:tenant AS uuid), server, guid, address, CAST(discovered AS timestamptz)
            FROM unnest(:mailboxes, :servers, :guids, :addresses, :discovered)
                AS m (mailbox, server, guid, address, discovered)
            ON CONFLICT (mailbox) DO UPDATE
            SET server = excluded.server, exchange_guid = excluded.exchange_guid, address = excluded.address""";

    private final Transaction transaction;
    private final TenantId tenant;
    private final Clock clock;
    private final Map<UUID, Known> byGuid = new HashMap<>();
    private final Map<Place, MailboxId> byHand = new HashMap<>();
    private final Map<MailboxId, Changed> changed = new LinkedHashMap<>();

    ReportedMailboxes(Transaction transaction, TenantId tenant, Clock clock) {
        this.transaction = transaction;
        this.tenant = tenant;
        this.clock = clock;
    }

    /** A mailbox as an agent names it. */
    public record Named(ServerId server, UUID exchangeGuid, SealedAddress address) {}

    private record Known(MailboxId mailbox, Named named) {}

    /** @param at when, which is when the mailbox was discovered if it is new */
    private record Changed(Known known, Instant at) {}

    private record Place(ServerId server, SealedAddress address) {}

    /** A mailbox that the caller has found in its row. */
    public void add(MailboxId mailbox, Named row) {
        byGuid.putIfAbsent(row.exchangeGuid(), new Known(mailbox, row));
    }

    /** Looks for all of these that were not added, so that each can be told of by {@link #report}. */
    public void look(Collection<Named> named) {
        RowArrays.of(unknown(named))
                .column("guids", UUID.class, Named::exchangeGuid)
                .read(
                        transaction,
                        """
                        SELECT mailbox, server, exchange_guid, address FROM mailbox
                        WHERE exchange_guid = ANY (:guids)""",
                        (row, context) -> new Known(
                                new MailboxId(row.getObject("mailbox", UUID.class)),
                                new Named(
                                        new ServerId(row.getObject("server", UUID.class)),
                                        row.getObject("exchange_guid", UUID.class),
                                        new SealedAddress(row.getString("address")))))
                .forEach(known -> byGuid.put(known.named().exchangeGuid(), known));
        RowArrays.of(unknown(named))
                .ids("servers", Named::server)
                .column("addresses", String.class, each -> each.address().value())
                .read(
                        transaction,
                        """
                        SELECT mailbox, server, address FROM mailbox
                        WHERE exchange_guid IS NULL
                            AND (server, address) IN (SELECT * FROM unnest(:servers, :addresses))""",
                        (row, context) -> Map.entry(
                                new Place(
                                        new ServerId(row.getObject("server", UUID.class)),
                                        new SealedAddress(row.getString("address"))),
                                new MailboxId(row.getObject("mailbox", UUID.class))))
                .forEach(row -> byHand.put(row.getKey(), row.getValue()));
    }

    private List<Named> unknown(Collection<Named> named) {
        return named.stream()
                .filter(each -> !byGuid.containsKey(each.exchangeGuid()))
                .distinct()
                .toList();
    }

    /** The mailbox with this GUID and the address by which it was told of last; null before it was told of. */
    public @Nullable SealedAddress addressOf(UUID exchangeGuid) {
        @Nullable Known known = byGuid.get(exchangeGuid);
        return known == null ? null : known.named().address();
    }

    /**
     * The mailbox that an agent reports: the one with this Exchange GUID, or the one that an operator registered by this
     * address on this server, which is bound to the GUID from now on, or a new one. It is now on this server, wherever it
     * was before.
     */
    public MailboxId report(Named named) {
        @Nullable Known known = byGuid.get(named.exchangeGuid());
        if (known != null && known.named().equals(named)) {
            return known.mailbox();
        }
        MailboxId mailbox = known == null ? registered(named) : known.mailbox();
        Known now = new Known(mailbox, named);
        byGuid.put(named.exchangeGuid(), now);
        changed.put(mailbox, new Changed(now, clock.instant()));
        return mailbox;
    }

    private MailboxId registered(Named named) {
        @Nullable MailboxId registered = byHand.remove(new Place(named.server(), named.address()));
        return registered == null ? MailboxId.random() : registered;
    }

    /** Writes what was reported, in one order everywhere, since mailboxes move between servers. */
    public void write() {
        List<Changed> inOrder = changed.values().stream()
                .sorted(Comparator.comparing(each -> each.known().mailbox().value()))
                .toList();
        RowArrays.of(inOrder)
                .ids("mailboxes", each -> each.known().mailbox())
                .ids("servers", each -> each.known().named().server())
                .column("guids", UUID.class, each -> each.known().named().exchangeGuid())
                .column(
                        "addresses",
                        String.class,
                        each -> each.known().named().address().value())
                .moments("discovered", Changed::at)
                .value("tenant", tenant)
                .write(transaction, WRITE);
        changed.clear();
    }
}
