package io.mailferry.inventory.heartbeat;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a heartbeat changes in the inventory: each change one event, in the transaction that makes it true. Repeated and
 * overtaken heartbeats are known by boot and sequence and change nothing; locks are taken agents first, then servers.
 */
@Singleton
final class StatusChanges {
    /** Read and written together; a single status may hold as many. */
    private static final int MAILBOXES_MAX = 10_000;

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
     * Brings all of them into the inventory by a number of statements that does not depend on how many they are, unless
     * they hold very many mailboxes.
     *
     * @param heartbeats of one tenant, each agent's in their order
     * @throws Inbound.ImpossibleEvent for an agent that never enrolled
     */
    void apply(Transaction transaction, List<AgentHeartbeat> heartbeats) {
        AppliedAgents.Locked locked = agents.lock(transaction, heartbeats);
        List<Told> told = new ArrayList<>();
        Set<ServerId> likely = new HashSet<>();
        for (AgentHeartbeat heartbeat : heartbeats) {
            if (locked.advance(heartbeat)) {
                heartbeat.status().ifPresent(status -> told.add(new Told(heartbeat, status)));
                Optional.ofNullable(locked.agent(heartbeat.agent()).server()).ifPresent(likely::add);
            }
        }
        if (!told.isEmpty()) {
            TenantId tenant = heartbeats.getFirst().tenant();
            ReportedServers.Locked named = servers.lock(
                    transaction,
                    tenant,
                    told.stream().map(each -> each.status().server()).toList(),
                    likely);
            for (List<Told> part : parts(told)) {
                apply(transaction, tenant, locked, named, part);
            }
        }
        locked.write();
    }

    /** A heartbeat that says something new. */
    private record Told(AgentHeartbeat heartbeat, AgentStatus status) {
        int mailboxes() {
            return status.backupSets().stream()
                    .mapToInt(set -> set.mailboxes().size())
                    .sum();
        }

        ReportedBackupSets.Report ofSets(ServerId server) {
            return new ReportedBackupSets.Report(
                    server,
                    new Said.Agent(heartbeat.agent(), heartbeat.bootId(), heartbeat.sequence()),
                    status.backupSets());
        }
    }

    /** In their order, in parts whose mailboxes all fit into memory. */
    private static List<List<Told>> parts(List<Told> told) {
        List<List<Told>> parts = new ArrayList<>();
        int mailboxes = 0;
        for (Told each : told) {
            mailboxes += each.mailboxes();
            if (mailboxes > MAILBOXES_MAX || parts.isEmpty()) {
                parts.add(new ArrayList<>());
                mailboxes = each.mailboxes();
            }
            parts.getLast().add(each);
        }
        return parts;
    }

    private void apply(
            Transaction transaction,
            TenantId tenant,
            AppliedAgents.Locked locked,
            ReportedServers.Locked named,
            List<Told> part) {
        ReportedBackupSets.Known sets = backupSets.read(
                transaction,
                tenant,
                part.stream()
                        .map(each ->
                                each.ofSets(named.named(each.status().server().name())))
                        .toList());
        for (Told each : part) {
            AgentStatus status = each.status();
            ReportedBackupSets.Report report =
                    each.ofSets(named.named(status.server().name()));
            Agents.Known known = locked.agent(each.heartbeat().agent());
            named.report(report.said(), status.server(), known.server(), known.serverBuild());
            tellOfAgent(transaction, tenant, report.said(), known, report.server(), status);
            sets.report(report);
            locked.applied(known.reflecting(
                    status,
                    ReadForm.kept(each.heartbeat().statusHash()),
                    report.server(),
                    ReportedServers.wordOf(status.server().build())));
        }
        sets.write();
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
