package io.mailferry.inventory.heartbeat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the gateway answers agents. */
@ConfigMapping(prefix = "mailferry.gateway")
public interface GatewaySettings {
    /** How long a heartbeat may take until it is safely on Kafka; then the agent is told to come again. */
    @WithDefault("PT5S")
    Duration publishWithin();

    /** When an agent is told to come again while Kafka, PostgreSQL or the bucket is away. */
    @WithDefault("PT30S")
    Duration retryAfter();

    /**
     * Whether {@code POST /api/v1/agents/{id}/bare} answers, which does nothing but authenticate: what
     * {@code ./mailferry bench control} holds heartbeats against. Elsewhere it is not there.
     */
    @WithDefault("false")
    boolean bareEndpoint();

    /** Groups of heartbeats that are let in at the same time, each in a transaction of its own. */
    @WithDefault("2")
    int admissionWorkers();

    /** Heartbeats that are let in by one transaction at most; none waits for others to come. */
    @WithDefault("200")
    int admissionGroupMax();

    /** Heartbeats that wait to be let in; one more is told to come again. */
    @WithDefault("1000")
    int admissionWaitingMax();

    /** How long a heartbeat waits to be let in before its agent is told to come again. */
    @WithDefault("PT10S")
    Duration admissionWithin();

    /** Requests of agents that are underway at once; one more is answered 429. */
    @WithDefault("2000")
    int underwayMax();

    /**
     * Large bodies, those over 64 KiB or compressed, that are read at once. Each needs some ten times its size of memory
     * until it is looked through.
     */
    @WithDefault("2")
    int largeBodiesMax();

    /** How long a large body waits for its turn before its agent is told to come again. */
    @WithDefault("PT10S")
    Duration largeBodyWithin();

    /**
     * When heartbeats wait longer than this to be let in, agents are told a longer interval, in proportion to the wait.
     */
    @WithDefault("PT0.25S")
    Duration stretchAfter();

    /** The most by which the interval is stretched, as a multiple of itself. */
    @WithDefault("4")
    int stretchMax();

    /** Heartbeats with a status that are brought into the inventory by one transaction. */
    @WithDefault("100")
    int appliedTogetherMax();

    /** Agents that may wait for their answer at once, see {@code wait}; one more is answered without waiting. */
    @WithDefault("10000")
    int longPollsMax();
}
