package io.mailferry.inventory.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.inventory.listing.Page;
import io.mailferry.messaging.transaction.TenantTransactions;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** What became of a server, its sets and its mailboxes, for operators. */
@Singleton
public final class History {
    private final TenantTransactions transactions;

    History(TenantTransactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Who said so.
     *
     * @param by AGENT with its heartbeat's boot and sequence, OPERATOR with a name, EXCHANGE, or SILENCE
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SaidBy(
            String by,
            @Nullable AgentId agentId,
            @Nullable UUID bootId,
            @Nullable Long sequence,
            @Nullable String operator) {}

    /**
     * One change.
     *
     * @param changeId rises with time within one server; the key of the pages
     * @param what the inventory event's name, such as {@code ExchangeUpdated}
     * @param before what was so until then, as far as the event has it; absent for what is new
     * @param after what is so from then on; absent for what has gone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(
            long changeId,
            Instant at,
            String what,
            @Nullable AgentId agentId,
            @Nullable BackupSetId backupSetId,
            @Nullable MailboxId mailboxId,
            @JsonRawValue @Nullable String before,
            @JsonRawValue @Nullable String after,
            SaidBy said) {}

    /** The server's changes, newest first. */
    public List<Change> of(TenantId tenant, ServerId server, Page page) {
        long before = page.afterNumber(Long.MAX_VALUE);
        return transactions.inTenant(
                tenant,
                transaction -> transaction
                        .handle()
                        .select(
                                "SELECT * FROM inventory_change WHERE server = ? AND change < ? ORDER BY change DESC LIMIT ?",
                                server,
                                before,
                                page.rows())
                        .map(History::change)
                        .list());
    }

    private static Change change(ResultSet row, StatementContext context) throws SQLException {
        long sequence = row.getLong("sequence");
        boolean noSequence = row.wasNull();
        return new Change(
                row.getLong("change"),
                row.getTimestamp("at").toInstant(),
                row.getString("what"),
                id(row, "agent", AgentId::new),
                id(row, "backup_set", BackupSetId::new),
                id(row, "mailbox", MailboxId::new),
                row.getString("before"),
                row.getString("after"),
                new SaidBy(
                        row.getString("said_by"),
                        id(row, "said_agent", AgentId::new),
                        row.getObject("boot", UUID.class),
                        noSequence ? null : sequence,
                        row.getString("operator")));
    }

    private static <T> @Nullable T id(ResultSet row, String column, Function<UUID, T> type) throws SQLException {
        @Nullable UUID id = row.getObject(column, UUID.class);
        return id == null ? null : type.apply(id);
    }
}
