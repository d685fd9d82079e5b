package io.mailferry.messaging.inbox;

import io.mailferry.messaging.transaction.TenantTransactions;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;

/** Forgets the ids of events that can no longer be repeated, so that the inbox does not grow for ever. */
public final class InboxSweep {
    private final TenantTransactions transactions;
    private final Clock clock;
    private final Duration rememberedFor;
    private final int forgottenMax;

    /**
     * @param rememberedFor longer than the topics keep the events themselves
     * @param forgottenMax ids forgotten in one go, which bounds how long the transaction takes
     */
    public InboxSweep(TenantTransactions transactions, Clock clock, Duration rememberedFor, int forgottenMax) {
        this.transactions = transactions;
        this.clock = clock;
        this.rememberedFor = rememberedFor;
        this.forgottenMax = forgottenMax;
    }

    /**
     * Forgets the oldest ids first; the service calls this now and then.
     *
     * @return how many were forgotten
     */
    public int forget() {
        Timestamp before = Timestamp.from(clock.instant().minus(rememberedFor));
        return transactions.acrossTenants(transaction -> transaction.handle().execute("""
                        DELETE FROM inbox WHERE (consumer, event) IN (
                            SELECT consumer, event FROM inbox WHERE at < ? ORDER BY at LIMIT ?)
                        """, before, forgottenMax));
    }
}
