package io.mailferry.inventory.agent;

import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.RowArrays;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The consumer's side of the agents' rows, for many heartbeats of one tenant at once. */
@Singleton
public final class AppliedAgents {
    private static final String APPLIED = """
            UPDATE agent SET brand = a.brand, version = a.version, applied_boot = a.boot, applied_sequence = a.sequence,
                status_hash = a.hash, server = a.server, server_build = a.build
            FROM unnest(:agents, :brands, :versions, :boots, :sequences, :hashes, :servers, :builds)
                AS a (agent, brand, version, boot, sequence, hash, server, build)
            WHERE agent.agent = a.agent""";

    private final Agents agents;

    AppliedAgents(Agents agents) {
        this.agents = agents;
    }

    /**
     * What the inventory reflects of the agents of these heartbeats, with their rows locked in their order until the
     * transaction ends, so that heartbeats of one agent are applied one by one.
     */
    public Locked lock(Transaction transaction, List<AgentHeartbeat> heartbeats) {
        Map<AgentId, Agents.Known> known = new HashMap<>();
        RowArrays.of(heartbeats.stream().map(AgentHeartbeat::agent).distinct().toList())
                .ids("agents", agent -> agent)
                .read(transaction, """
                        SELECT agent, brand, version, applied_boot, applied_sequence, status_hash, server, server_build
                        FROM agent WHERE agent = ANY (:agents) ORDER BY agent FOR NO KEY UPDATE""", Agents::known)
                .forEach(agent -> known.put(agent.agent(), agent));
        Map<Boot, Integer> ordinals = new HashMap<>();
        RowArrays.of(heartbeats)
                .ids("agents", AgentHeartbeat::agent)
                .column("boots", UUID.class, AgentHeartbeat::bootId)
                .read(
                        transaction,
                        """
                        SELECT agent, boot, ordinal FROM agent_boot
                        WHERE (agent, boot) IN (SELECT * FROM unnest(:agents, :boots))""",
                        (row, context) -> Map.entry(
                                new Boot(
                                        new AgentId(row.getObject("agent", UUID.class)),
                                        row.getObject("boot", UUID.class)),
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
        private final Map<AgentId, Agents.Known> changed = new LinkedHashMap<>();

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

        /**
         * Whether the heartbeat is later than all that the inventory reflects of its agent. If so it reflects this one from
         * now on, though not yet its status.
         *
         * @throws Inbound.ImpossibleEvent for an agent that never enrolled
         */
        public boolean advance(AgentHeartbeat heartbeat) {
            Agents.Known last = agent(heartbeat.agent());
            int boot = bootOrdinal(heartbeat);
            if (boot < last.appliedBoot()
                    || boot == last.appliedBoot() && heartbeat.sequence() <= last.appliedSequence()) {
                return false;
            }
            applied(last.after(boot, heartbeat.sequence()));
            return true;
        }

        /** The place of the heartbeat's boot among its agent's boots; one never met is the newest. */
        private int bootOrdinal(AgentHeartbeat heartbeat) {
            return ordinals.computeIfAbsent(
                    new Boot(heartbeat.agent(), heartbeat.bootId()),
                    boot -> agents.bootOrdinal(transaction, heartbeat.tenant(), boot.agent(), boot.boot()));
        }

        /** The inventory reflects this of the agent, once it is written. */
        public void applied(Agents.Known now) {
            known.put(now.agent(), now);
            changed.put(now.agent(), now);
        }

        /** Writes what the inventory reflects now. */
        public void write() {
            RowArrays.of(changed.values())
                    .ids("agents", Agents.Known::agent)
                    .column("brands", String.class, Agents.Known::brand)
                    .column("versions", String.class, Agents.Known::version)
                    .column("boots", Integer.class, Agents.Known::appliedBoot)
                    .column("sequences", Long.class, Agents.Known::appliedSequence)
                    .column("hashes", String.class, Agents.Known::statusHash)
                    .ids("servers", Agents.Known::server)
                    .column("builds", String.class, Agents.Known::serverBuild)
                    .write(transaction, APPLIED);
            changed.clear();
        }
    }
}
