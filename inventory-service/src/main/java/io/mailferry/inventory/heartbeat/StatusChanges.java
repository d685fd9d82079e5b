package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent.AgentRegistered;
import io.mailferry.contracts.inventory.InventoryEvent.AgentUpgraded;
import io.mailferry.inventory.agent.Agents;
import io.mailferry.inventory.agent.AppliedAgents;
import io.mailferry.inventory.backupset.ReportedBackupSets;
import io.mailferry.inventory.history.Changes;
import io.mailferry.inventory.history.Said;
import io.mailferry.inventory.server.ReportedServers;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a heartbeat changes in the inventory: each change one event, in the transaction that makes it true. Repeated and
 * overtaken heartbeats are known by boot and sequence and change nothing; locks are taken agent first, then server.
 */
@Singleton
final class StatusChanges {
    private final AppliedAgents agents;
    private final ReportedServers servers;
    private final ReportedBackupSets backupSets;
    private final Changes changes;

    StatusChanges(AppliedAgents agents, ReportedServers servers, ReportedBackupSets backupSets, Changes changes) {
        this.agents = agents;
        this.servers = servers;
        this.backupSets = backupSets;
        this.changes = changes;
    }

    /**
     * @param heartbeats of one tenant, each agent's in their order
     * @throws Inbound.ImpossibleEvent for an agent that never enrolled
     */
    void apply(Transaction transaction, List<AgentHeartbeat> heartbeats) {
        AppliedAgents.Locked locked = agents.lock(transaction, heartbeats);
        inOrderOfServers(heartbeats).forEach(heartbeat -> apply(transaction, locked, heartbeat));
    }

    /**
     * Servers are locked in one order by all who apply, so that two of them do not wait for each other; each agent's
     * heartbeats keep theirs.
     */
    private static List<AgentHeartbeat> inOrderOfServers(List<AgentHeartbeat> heartbeats) {
        Map<AgentId, List<AgentHeartbeat>> byAgent = new LinkedHashMap<>();
        heartbeats.forEach(heartbeat -> byAgent.computeIfAbsent(heartbeat.agent(), unused -> new ArrayList<>())
                .add(heartbeat));
        return byAgent.values().stream()
                .sorted(Comparator.comparing(ofAgent -> serverName(ofAgent.getFirst())))
                .flatMap(List::stream)
                .toList();
    }

    private static String serverName(AgentHeartbeat heartbeat) {
        return heartbeat
                .status()
                .map(status -> status.server().name().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    private void apply(Transaction transaction, AppliedAgents.Locked locked, AgentHeartbeat heartbeat) {
        Agents.Known known = locked.agent(heartbeat.agent());
        int boot = locked.bootOrdinal(heartbeat);
        boolean overtaken = boot < known.appliedBoot()
                || boot == known.appliedBoot() && heartbeat.sequence() <= known.appliedSequence();
        if (overtaken) {
            return;
        }
        locked.applied(heartbeat
                .status()
                .map(status -> apply(transaction, heartbeat, known, boot, status))
                .orElseGet(() -> known.after(boot, heartbeat.sequence())));
    }

    private Agents.Known apply(
            Transaction transaction, AgentHeartbeat heartbeat, Agents.Known known, int boot, AgentStatus status) {
        Said.Agent said = new Said.Agent(heartbeat.agent(), heartbeat.bootId(), heartbeat.sequence());
        ServerId server = servers.report(
                transaction, heartbeat.tenant(), said, status.server(), known.server(), known.serverBuild());
        tellOfAgent(transaction, heartbeat.tenant(), said, known, server, status);
        backupSets.report(transaction, heartbeat.tenant(), server, said, status.backupSets());
        return new Agents.Known(
                heartbeat.agent(),
                status.brand(),
                status.version(),
                boot,
                heartbeat.sequence(),
                ReadForm.kept(heartbeat.statusHash()),
                server,
                ReportedServers.wordOf(status.server().build()));
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
