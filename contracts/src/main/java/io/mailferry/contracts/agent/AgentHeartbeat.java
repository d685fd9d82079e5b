package io.mailferry.contracts.agent;

import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One heartbeat as the gateway took it.
 *
 * @param sequence rises by one with each heartbeat of one boot
 * @param bootId chosen by the agent at its start
 * @param sentAt the agent's clock, which may be wrong
 * @param receivedAt the gateway's clock
 * @param status in full, or empty when it is unchanged since the last one with this hash
 */
public record AgentHeartbeat(
        TenantId tenant,
        AgentId agent,
        long sequence,
        UUID bootId,
        Instant sentAt,
        Instant receivedAt,
        String statusHash,
        Optional<AgentStatus> status)
        implements AgentReport {}
