package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentReport;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes heartbeats from the topic into the inventory. An agent's boot and sequence say whether a heartbeat was taken
 * already, so the inbox need not remember each of them.
 */
@Singleton
final class HeartbeatListener {
    private final Inbound inbound;
    private final TenantTransactions transactions;
    private final StatusChanges changes;

    HeartbeatListener(Inbound inbound, TenantTransactions transactions, StatusChanges changes) {
        this.inbound = inbound;
        this.transactions = transactions;
        this.changes = changes;
    }

    @Incoming("heartbeats")
    @Blocking
    void on(ConsumerRecord<byte[], byte[]> received) throws InterruptedException {
        inbound.receive(received, this::on);
    }

    private void on(Decoded.Known known) {
        switch ((AgentReport) known.event()) {
            case AgentHeartbeat heartbeat ->
                transactions.useTenant(heartbeat.tenant(), transaction -> changes.apply(transaction, heartbeat));
        }
    }
}
