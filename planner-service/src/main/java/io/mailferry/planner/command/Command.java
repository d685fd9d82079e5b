package io.mailferry.planner.command;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A command that was issued.
 *
 * @param type the contract's name of it, such as {@code ExportMailbox}
 * @param mailbox empty for commands about a whole set or agent
 * @param expiresAt after this nobody may begin it
 */
public record Command(
        CommandId command,
        TenantId tenant,
        ServerId server,
        Optional<MailboxId> mailbox,
        Optional<Origin> origin,
        String type,
        Instant issuedAt,
        Instant expiresAt,
        CommandState state,
        Progress progress) {
    /** @param expectedItems 0 while unknown */
    public record Progress(long items, long bytes, long expectedItems) {
        static final Progress NONE = new Progress(0, 0, 0);

        /** Progress reports may overtake each other; what was done stays done. */
        Progress atLeast(long items, long bytes, long expectedItems) {
            return new Progress(
                    Math.max(this.items, items),
                    Math.max(this.bytes, bytes),
                    expectedItems == 0 ? this.expectedItems : expectedItems);
        }
    }

    Command with(CommandState newState, Progress newProgress) {
        return new Command(command, tenant, server, mailbox, origin, type, issuedAt, expiresAt, newState, newProgress);
    }
}
