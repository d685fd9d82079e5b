package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentReport;
import io.mailferry.messaging.cloudevents.Decoded;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.TenantTransactions;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes heartbeats from the topic into the inventory, those of one tenant together. An agent's boot and sequence say
 * whether a heartbeat was taken already, so the inbox need not remember each of them.
 */
@Singleton
final class HeartbeatListener {
    private final Inbound inbound;
    private final TenantTransactions transactions;
    private final StatusChanges changes;
    private final int togetherMax;

    HeartbeatListener(
            Inbound inbound, TenantTransactions transactions, StatusChanges changes, GatewaySettings settings) {
        this.inbound = inbound;
        this.transactions = transactions;
        this.changes = changes;
        this.togetherMax = settings.appliedTogetherMax();
    }

    @Incoming("heartbeats")
    @Blocking
    void on(ConsumerRecords<byte[], byte[]> received) throws InterruptedException {
        inbound.receiveAll(received, togetherMax, this::on);
    }

    private void on(List<Decoded.Known> known) {
        List<AgentHeartbeat> heartbeats = known.stream()
                .map(each -> heartbeat((AgentReport) each.event()))
                .toList();
        transactions.useTenant(heartbeats.getFirst().tenant(), transaction -> changes.apply(transaction, heartbeats));
    }

    private static AgentHeartbeat heartbeat(AgentReport report) {
        return switch (report) {
            case AgentHeartbeat heartbeat -> heartbeat;
        };
    }
}
