package io.mailferry.exporter.attempt;

import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;

/** What is to be read, and where. */
public record ExportedMailbox(
        TenantId tenant, ServerId server, MailboxId mailbox, SealedAddress address, EwsEndpoint endpoint) {}
