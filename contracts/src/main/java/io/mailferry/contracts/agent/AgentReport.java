package io.mailferry.contracts.agent;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.AgentId;

/** An authenticated agent's report. Only the gateway may write these. */
public sealed interface AgentReport extends Event permits AgentHeartbeat {
    AgentId agent();

    @Override
    default String key() {
        return agent().toString();
    }
}
