package io.mailferry.inventory.server;

import io.mailferry.contracts.export.ExportEvent;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes what the exporter noticed about servers. Repeating it changes nothing, so the inbox need not remember it. */
@Singleton
final class ExportEvents {
    private final Inbound inbound;
    private final TenantTransactions transactions;
    private final ServerBuilds builds;

    ExportEvents(Inbound inbound, TenantTransactions transactions, ServerBuilds builds) {
        this.inbound = inbound;
        this.transactions = transactions;
        this.builds = builds;
    }

    @Incoming("export-events")
    @Blocking
    void on(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, this::on);
    }

    private void on(Decoded.Known known) {
        switch ((ExportEvent) known.event()) {
            case ExportEvent.ServerBuildObserved observed ->
                transactions.useTenant(
                        observed.tenant(),
                        transaction ->
                                builds.observed(transaction, observed.tenant(), observed.server(), observed.build()));
            case ExportEvent.CoverageGapFound _ -> {
                // The planner's matter.
            }
        }
    }
}
