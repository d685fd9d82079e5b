package io.mailferry.inventory.agent;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The consumer's side of the agents' rows, for many heartbeats of one tenant at once. */
@Singleton
public final class AppliedAgents {
    private static final String APPLIED = """
            UPDATE agent SET brand = ?, version = ?, applied_boot = ?, applied_sequence = ?, status_hash = ?, server = ?,
                server_build = ?
            WHERE agent = ?""";

    private final Agents agents;

    AppliedAgents(Agents agents) {
        this.agents = agents;
    }

    /**
     * What the inventory reflects of the agents of these heartbeats, with their rows locked in their order until the
     * transaction ends, so that heartbeats of one agent are applied one by one.
     */
    public Locked lock(Transaction transaction, List<AgentHeartbeat> heartbeats) {
        List<UUID> ids = heartbeats.stream()
                .map(heartbeat -> heartbeat.agent().value())
                .distinct()
                .toList();
        Map<AgentId, Agents.Known> known = new HashMap<>();
        transaction
                .handle()
                .createQuery("""
                        SELECT agent, brand, version, applied_boot, applied_sequence, status_hash, server, server_build
                        FROM agent WHERE agent = ANY (:agents) ORDER BY agent FOR NO KEY UPDATE""")
                .bindArray("agents", UUID.class, ids)
                .map(Agents::known)
                .forEach(agent -> known.put(agent.agent(), agent));
        Map<Boot, Integer> ordinals = new HashMap<>();
        transaction
                .handle()
                .createQuery("""
                        SELECT agent, boot, ordinal FROM agent_boot
                        WHERE (agent, boot) IN (SELECT * FROM unnest(:agents, :boots))""")
                .bindArray(
                        "agents",
                        UUID.class,
                        heartbeats.stream()
                                .map(heartbeat -> heartbeat.agent().value())
                                .toList())
                .bindArray(
                        "boots",
                        UUID.class,
                        heartbeats.stream().map(AgentHeartbeat::bootId).toList())
                .map((row, context) -> Map.entry(
                        new Boot(new AgentId(row.getObject("agent", UUID.class)), row.getObject("boot", UUID.class)),
                        row.getInt("ordinal")))
                .forEach(entry -> ordinals.put(entry.getKey(), entry.getValue()));
        return new Locked(transaction, known, ordinals);
    }

    private record Boot(AgentId agent, UUID boot) {}

    /** The locked agents of one transaction. */
    public final class Locked {
        private final Transaction transaction;
        private final Map<AgentId, Agents.Known> known;
        private final Map<Boot, Integer> ordinals;

        private Locked(Transaction transaction, Map<AgentId, Agents.Known> known, Map<Boot, Integer> ordinals) {
            this.transaction = transaction;
            this.known = known;
            this.ordinals = ordinals;
        }

        /** @throws Inbound.ImpossibleEvent for one that never enrolled */
        public Agents.Known agent(AgentId agent) {
            Agents.@Nullable Known found = known.get(agent);
            if (found == null) {
                throw new Inbound.ImpossibleEvent("a heartbeat of an agent that never enrolled");
            }
            return found;
        }

        /** The place of the heartbeat's boot among its agent's boots; one never met is the newest. */
        public int bootOrdinal(AgentHeartbeat heartbeat) {
            return ordinals.computeIfAbsent(
                    new Boot(heartbeat.agent(), heartbeat.bootId()),
                    boot -> agents.bootOrdinal(transaction, heartbeat.tenant(), boot.agent(), boot.boot()));
        }

        /** The inventory reflects this of the agent, once the transaction has committed. */
        public void applied(Agents.Known now) {
            known.put(now.agent(), now);
            transaction.writeLater(
                    APPLIED,
                    now.brand(),
                    now.version(),
                    now.appliedBoot(),
                    now.appliedSequence(),
                    now.statusHash(),
                    now.server(),
                    now.serverBuild(),
                    now.agent());
        }
    }
}
