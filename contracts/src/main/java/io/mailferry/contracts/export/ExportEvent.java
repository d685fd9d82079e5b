package io.mailferry.contracts.export;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;

/** What the exporter noticed about Exchange. */
public sealed interface ExportEvent extends Event {
    ServerId server();

    @Override
    default String key() {
        return server().toString();
    }

    /** The build that EWS itself answers with, whatever the agent says. */
    record ServerBuildObserved(TenantId tenant, ServerId server, ExchangeBuild build) implements ExportEvent {}

    record CoverageGapFound(TenantId tenant, ServerId server, MailboxId mailbox, CoverageGap gap)
            implements ExportEvent {}
}
