package io.mailferry.planner.fleet;

import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import java.util.Optional;
import java.util.UUID;

/** @param exchangeGuid empty for a mailbox registered by hand */
public record Mailbox(
        MailboxId mailbox,
        ServerId server,
        SealedAddress address,
        Optional<UUID> exchangeGuid,
        long items,
        long bytes) {}
