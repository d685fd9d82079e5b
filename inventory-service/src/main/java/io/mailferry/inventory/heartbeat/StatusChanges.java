package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.inventory.InventoryEvent.AgentRegistered;
import io.mailferry.contracts.inventory.InventoryEvent.AgentUpgraded;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.backupset.ReportedBackupSets;
import io.mailferry.inventory.server.ReportedServers;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;

/**
 * What a heartbeat changes in the inventory: each change one event, in the transaction that makes it true. Repeated and
 * overtaken heartbeats are known by boot and sequence and change nothing; locks are taken agent first, then server.
 */
@Singleton
final class StatusChanges {
    private final Agents agents;
    private final ReportedServers servers;
    private final ReportedBackupSets backupSets;

    StatusChanges(Agents agents, ReportedServers servers, ReportedBackupSets backupSets) {
        this.agents = agents;
        this.servers = servers;
        this.backupSets = backupSets;
    }

    void apply(Transaction transaction, AgentHeartbeat heartbeat) {
        Agents.Known known = agents.lock(transaction, heartbeat.agent())
                .orElseThrow(() -> new Inbound.ImpossibleEvent("a heartbeat of an agent that never enrolled"));
        int boot = agents.bootOrdinal(transaction, heartbeat.tenant(), heartbeat.agent(), heartbeat.bootId());
        boolean overtaken = boot < known.appliedBoot()
                || boot == known.appliedBoot() && heartbeat.sequence() <= known.appliedSequence();
        if (overtaken) {
            return;
        }
        if (heartbeat.status().isEmpty()) {
            agents.applied(transaction, heartbeat.agent(), boot, heartbeat.sequence());
            return;
        }
        apply(transaction, heartbeat, known, boot, heartbeat.status().get());
    }

    private void apply(
            Transaction transaction, AgentHeartbeat heartbeat, Agents.Known known, int boot, AgentStatus status) {
        ServerId server =
                servers.report(transaction, heartbeat.tenant(), status.server(), known.server(), known.serverBuild());
        tellOfAgent(transaction, heartbeat, known, server, status);
        backupSets.report(transaction, heartbeat.tenant(), server, heartbeat.agent(), status.backupSets());
        agents.appliedStatus(
                transaction,
                new Agents.Known(
                        heartbeat.agent(),
                        status.brand(),
                        status.version(),
                        boot,
                        heartbeat.sequence(),
                        ReadForm.kept(heartbeat.statusHash()),
                        server,
                        ReportedServers.wordOf(status.server().build())));
    }

    private static void tellOfAgent(
            Transaction transaction,
            AgentHeartbeat heartbeat,
            Agents.Known known,
            ServerId server,
            AgentStatus status) {
        if (!server.equals(known.server())) {
            transaction.publish(new AgentRegistered(
                    heartbeat.tenant(), server, heartbeat.agent(), status.brand(), status.version()));
        } else if (!known.version().equals(status.version()) || !known.brand().equals(status.brand())) {
            transaction.publish(new AgentUpgraded(
                    heartbeat.tenant(), server, heartbeat.agent(), status.brand(), known.version(), status.version()));
        }
    }
}
