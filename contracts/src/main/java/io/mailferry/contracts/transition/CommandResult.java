package io.mailferry.contracts.transition;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;

/** Each state of each command. Causes are words of ours, never a server's or an agent's text. */
public sealed interface CommandResult extends Event {
    CommandId command();

    ServerId server();

    @Override
    default String key() {
        return server().toString();
    }

    record CommandDelivered(TenantId tenant, ServerId server, CommandId command) implements CommandResult {}

    record CommandAccepted(TenantId tenant, ServerId server, CommandId command) implements CommandResult {}

    /** @param expectedItems what the work amounts to as far as is known, 0 while unknown */
    record CommandProgressed(
            TenantId tenant, ServerId server, CommandId command, long items, long bytes, long expectedItems)
            implements CommandResult {}

    record CommandSucceeded(TenantId tenant, ServerId server, CommandId command, Outcome outcome)
            implements CommandResult {}

    record CommandFailed(TenantId tenant, ServerId server, CommandId command, FailureCategory category, String cause)
            implements CommandResult {
        /**
         * The cause when an agent that had begun was not heard of for too long. Nobody said that it failed, so this is the
         * one failure that a CommandSucceeded may still follow.
         */
        public static final String AGENT_SILENT = "AGENT_SILENT";
    }

    /** The receiver does not know or may not do this. */
    record CommandRejected(TenantId tenant, ServerId server, CommandId command, String cause)
            implements CommandResult {}

    /** Nobody began it in time, as far as is known: what was begun unheard may still tell its CommandSucceeded later. */
    record CommandExpired(TenantId tenant, ServerId server, CommandId command) implements CommandResult {}

    /** It was cancelled and not done, as far as is known: a CommandSucceeded may still follow. */
    record CommandCancelled(TenantId tenant, ServerId server, CommandId command) implements CommandResult {}
}
