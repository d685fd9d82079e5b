package io.mailferry.planner.plan;

import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.planner.fleet.Mailbox;
import io.mailferry.planner.risk.Risk;
import io.mailferry.planner.risk.Uncovered;
import io.mailferry.planner.rule.AgentVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One backup set with everything around it, to be changed at will by a test. */
final class Fleetlet {
    static final AgentVersion EWS_FROM = new AgentVersion(4, 3, 0);
    static final EwsEndpoint ENDPOINT = new EwsEndpoint(
            "https://exchange.example/EWS/Exchange.asmx", new Trust.SystemAuthorities(), "ex1", true, false);

    final ServerId server = ServerId.random();
    final AgentId agent = AgentId.random();
    final List<Mailbox> mailboxes = new ArrayList<>();
    Risk risk = Risk.DEGRADED;
    AgentVersion agentVersion = new AgentVersion(4, 1, 0);
    boolean scheduleEnabled = true;
    boolean retentionEnabled = true;
    boolean connected = true;
    int announced;
    PublicFolders publicFolders = new PublicFolders(0, 0);

    Fleetlet(int mailboxCount) {
        for (int i = 0; i < mailboxCount; i++) {
            join();
        }
    }

    MailboxId join() {
        MailboxId mailbox = MailboxId.random();
        mailboxes.add(new Mailbox(
                mailbox, server, new SealedAddress("sealed-" + mailbox), Optional.of(UUID.randomUUID()), 10, 1_000));
        announced = mailboxes.size();
        return mailbox;
    }

    Situation situation() {
        return new Situation(
                risk,
                agent,
                Optional.of(agentVersion),
                risk == Risk.UNKNOWN ? Optional.empty() : Optional.of(EWS_FROM),
                "Mail",
                scheduleEnabled,
                retentionEnabled,
                announced,
                mailboxes,
                connected ? Optional.of(ENDPOINT) : Optional.empty(),
                uncovered());
    }

    private List<Uncovered> uncovered() {
        return publicFolders.any()
                ? List.of(new Uncovered(
                        CoverageGap.PUBLIC_FOLDERS,
                        publicFolders.items(),
                        publicFolders.bytes(),
                        Uncovered.Cause.NOT_READ_BY_EWS))
                : List.of();
    }
}
