package io.mailferry.inventory.history;

import io.mailferry.contracts.id.AgentId;
import java.util.UUID;

/** On whose word something changed. */
public sealed interface Said {
    /** An agent's heartbeat. */
    record Agent(AgentId agent, UUID boot, long sequence) implements Said {}

    /** @param name as in the operators' file or the identity provider */
    record Operator(String name) implements Said {}

    /** Exchange itself, as the exporter heard it. */
    record Exchange() implements Said {}

    /** Nobody's word: this service's clock noticed who speaks and who does not. */
    record Silence() implements Said {}
}
