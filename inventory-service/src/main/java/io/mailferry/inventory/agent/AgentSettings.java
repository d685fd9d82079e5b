package io.mailferry.inventory.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often agents report and when their silence is noticed. */
@ConfigMapping(prefix = "mailferry.agents")
public interface AgentSettings {
    /** The interval that agents are told. Shorter shows changes and starts commands sooner, and costs more. */
    @WithDefault("PT30S")
    Duration heartbeatInterval();

    /** Silence after which an agent counts as late, as a multiple of the interval. */
    @WithDefault("3")
    int lateAfterIntervals();

    /** Silence after which an agent counts as silent, at the least. */
    @WithDefault("PT5M")
    Duration silentAfter();

    /** Silence after which an agent counts as silent, as a multiple of the interval; the longer of the two holds. */
    @WithDefault("10")
    int silentAfterIntervals();

    /** How often it is looked which agents are late or silent. */
    @WithDefault("5s")
    Duration sweepEvery();

    /** How many agents of a tenant one sweep tells of at most. */
    @WithDefault("1000")
    int sweptMax();

    /** A tenant's fleet is silent as a whole when more than this share of its agents is missing at once. */
    @WithDefault("0.5")
    double fleetSilentShare();

    /** And at least this many; fewer are told one by one. */
    @WithDefault("10")
    int fleetMissingMin();

    /** With this many missing, and that share, of all tenants' agents together, each tenant's fleet is silent. */
    @WithDefault("50")
    int allMissingMin();

    /** A silent fleet has returned when at most this share is still missing. */
    @WithDefault("0.1")
    double fleetReturnedShare();

    /** Or after this time, if no more than the silent share is missing; agents may wait 15 minutes after an outage. */
    @WithDefault("PT30M")
    Duration fleetReturnsWithin();

    /**
     * How long a credential is good for before the agent must have renewed it; it may from two thirds of that on. Zero:
     * for ever. Holds for credentials issued from now on.
     */
    @WithDefault("P90D")
    Duration credentialValidity();

    /**
     * Whether TLS clients are asked for a certificate, which an agent may have in the place of a bearer credential. Needs
     * TLS at the gateway itself ({@code MAILFERRY_TLS_CERTIFICATE}).
     */
    @WithDefault("false")
    boolean clientCertificates();

    /** How long an agent's certificate is good for at most, though it may itself say longer. */
    @WithDefault("P397D")
    Duration certificateValidityMax();

    /** How many boots of one agent are remembered to tell clones from restarts. */
    @WithDefault("100")
    int bootsMax();
}
