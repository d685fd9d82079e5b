package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.AgentRegistered;
import io.mailferry.contracts.inventory.InventoryEvent.AgentUpgraded;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.backupset.ReportedBackupSets;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
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
    private final Changes changes;

    StatusChanges(Agents agents, ReportedServers servers, ReportedBackupSets backupSets, Changes changes) {
        this.agents = agents;
        this.servers = servers;
        this.backupSets = backupSets;
        this.changes = changes;
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
        Said.Agent said = new Said.Agent(heartbeat.agent(), heartbeat.bootId(), heartbeat.sequence());
        ServerId server = servers.report(
                transaction, heartbeat.tenant(), said, status.server(), known.server(), known.serverBuild());
        tellOfAgent(transaction, heartbeat.tenant(), said, known, server, status);
        backupSets.report(transaction, heartbeat.tenant(), server, said, status.backupSets());
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

    private void tellOfAgent(
            Transaction transaction,
            TenantId tenant,
            Said.Agent said,
            Agents.Known known,
            ServerId server,
            AgentStatus status) {
        if (!server.equals(known.server())) {
            changes.tell(
                    transaction,
                    said,
                    new AgentRegistered(tenant, server, said.agent(), status.brand(), status.version()));
        } else if (!known.version().equals(status.version()) || !known.brand().equals(status.brand())) {
            changes.tell(
                    transaction,
                    said,
                    new AgentUpgraded(tenant, server, said.agent(), status.brand(), known.version(), status.version()));
        }
    }
}
