package io.mailferry.planner.plan;

import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.planner.fleet.Mailbox;
import io.mailferry.planner.risk.Risk;
import io.mailferry.planner.risk.Uncovered;
import io.mailferry.planner.rule.AgentVersion;
import java.util.List;
import java.util.Optional;

/**
 * What is known, at one moment, of the set that a plan is about.
 *
 * @param agentVersion empty when it cannot be read
 * @param ewsFrom the first agent version with EWS backup mode; empty when no announcement says
 * @param mailboxesAnnounced how many mailboxes the agent counts in the set
 * @param mailboxes those of them that are known
 * @param endpoint empty until an operator has connected the server
 * @param uncovered parts of the set that no export carries over
 */
record Situation(
        Risk risk,
        AgentId agent,
        Optional<AgentVersion> agentVersion,
        Optional<AgentVersion> ewsFrom,
        String setName,
        boolean scheduleEnabled,
        boolean retentionEnabled,
        int mailboxesAnnounced,
        List<Mailbox> mailboxes,
        Optional<EwsEndpoint> endpoint,
        List<Uncovered> uncovered) {
    Situation {
        mailboxes = List.copyOf(mailboxes);
        uncovered = List.copyOf(uncovered);
    }

    boolean agentHasEws() {
        return agentVersion.isPresent()
                && ewsFrom.isPresent()
                && agentVersion.get().atLeast(ewsFrom.get());
    }

    boolean mailboxesAreKnown() {
        return mailboxesAnnounced > 0 && mailboxes.size() >= mailboxesAnnounced;
    }
}
