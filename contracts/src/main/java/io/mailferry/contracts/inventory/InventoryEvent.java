package io.mailferry.contracts.inventory;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A change of what exists, in order per server. One event per change; repeated heartbeats make none. */
public sealed interface InventoryEvent extends Event {
    /** A change of one server or of what belongs to it. */
    sealed interface OfServer extends InventoryEvent {
        ServerId server();

        @Override
        default String key() {
            return server().toString();
        }
    }

    /** Something about all agents of a tenant at once. */
    sealed interface OfFleet extends InventoryEvent {
        @Override
        default String key() {
            return tenant().toString();
        }
    }

    /** @param build empty when nobody could say; the risk of its sets is then unknown */
    record ServerDiscovered(TenantId tenant, ServerId server, String name, Optional<ExchangeBuild> build)
            implements OfServer {}

    /** An operator gave the server's EWS endpoint; from now on its mailboxes can be exported. */
    record ServerConnected(TenantId tenant, ServerId server, EwsEndpoint endpoint) implements OfServer {}

    /**
     * The build that the server counts as changed: the higher one of the agents' word and of what EWS itself answers,
     * since an update that only one of them has noticed has happened all the same.
     *
     * @param now empty when neither could say; the risk of its sets is then unknown
     */
    record ExchangeUpdated(
            TenantId tenant, ServerId server, Optional<ExchangeBuild> before, Optional<ExchangeBuild> now)
            implements OfServer {}

    record ExchangeUpdatePlanned(TenantId tenant, ServerId server, ExchangeBuild build, Instant at)
            implements OfServer {}

    /** The agent that told of a planned update no longer does, and the update has not been seen. */
    record ExchangeUpdateWithdrawn(TenantId tenant, ServerId server, ExchangeBuild build) implements OfServer {}

    /**
     * EWS itself answers with another build than the agents report. Told once, and again when either changes.
     *
     * @param reported empty when no agent can tell
     */
    record ServerBuildDiffers(
            TenantId tenant, ServerId server, Optional<ExchangeBuild> reported, ExchangeBuild observed)
            implements OfServer {}

    /** EWS itself answers with the build that the agents report; ends a difference, or is the first comparison. */
    record ServerBuildAgrees(TenantId tenant, ServerId server, ExchangeBuild build) implements OfServer {}

    record AgentRegistered(TenantId tenant, ServerId server, AgentId agent, String brand, String version)
            implements OfServer {}

    record AgentUpgraded(TenantId tenant, ServerId server, AgentId agent, String brand, String before, String now)
            implements OfServer {}

    /**
     * A mailbox is known, is now in this set, or its figures there changed. Precedes the BackupSetChanged of its set.
     *
     * @param backupSet empty for a mailbox that an operator registered by hand
     */
    record MailboxChanged(
            TenantId tenant,
            ServerId server,
            MailboxId mailbox,
            Optional<BackupSetId> backupSet,
            SealedAddress address,
            Optional<UUID> exchangeGuid,
            long items,
            long bytes)
            implements OfServer {}

    /** The set no longer holds the mailbox. What was backed up of it may still be there. */
    record MailboxLeft(TenantId tenant, ServerId server, MailboxId mailbox, BackupSetId backupSet)
            implements OfServer {}

    /**
     * A set is known, or what it is set to or holds changed. A change of nothing but its quota is a QuotaChanged.
     *
     * @param mailboxes how many mailboxes the set holds, each announced by its own MailboxChanged before
     * @param publicFolders what the set backs up of public folders; empty when it backs up none
     */
    record BackupSetChanged(
            TenantId tenant,
            ServerId server,
            BackupSetId backupSet,
            AgentId agent,
            String name,
            BackupMode mode,
            boolean scheduleEnabled,
            boolean retentionEnabled,
            long quotaBytes,
            long usedBytes,
            int mailboxes,
            Optional<PublicFolders> publicFolders)
            implements OfServer {}

    /** The vendor's storage of a set: how much it may take, and how much it takes. */
    record QuotaChanged(TenantId tenant, ServerId server, BackupSetId backupSet, long quotaBytes, long usedBytes)
            implements OfServer {}

    /** The agent's newest status no longer lists the set. It is remembered, and what it holds may still be there. */
    record BackupSetDisappeared(TenantId tenant, ServerId server, BackupSetId backupSet) implements OfServer {}

    /** The agent lists the set again. What changed meanwhile is told after this. */
    record BackupSetReturned(TenantId tenant, ServerId server, BackupSetId backupSet) implements OfServer {}

    record BackupJobSucceeded(TenantId tenant, ServerId server, BackupSetId backupSet, Instant at)
            implements OfServer {}

    record BackupJobFailed(TenantId tenant, ServerId server, BackupSetId backupSet, Instant at) implements OfServer {}

    /**
     * The agent has not been heard of for so long that its commands and its news wait. Told once, and not while the tenant's
     * fleet is silent; followed by an AgentReturned.
     */
    record AgentSilent(TenantId tenant, ServerId server, AgentId agent, Instant lastSeenAt) implements OfServer {}

    /** An agent that was told to be silent reports steadily again. */
    record AgentReturned(TenantId tenant, ServerId server, AgentId agent) implements OfServer {}

    /** Why a whole fleet is silent. */
    enum FleetSilence {
        /** Most of the agents went missing at once, here or with all tenants. */
        AGENTS_MISSING,
        /** The gateway itself was away, so that nobody could report. */
        GATEWAY_AWAY
    }

    /**
     * Said once in the place of an AgentSilent for each agent; until the FleetReturned none is told by itself.
     *
     * @param known agents that reported until then
     * @param missing those of them that do not
     */
    record FleetSilent(TenantId tenant, FleetSilence cause, int known, int missing) implements OfFleet {}

    /** @param missing agents that are still silent; each follows as an AgentSilent */
    record FleetReturned(TenantId tenant, int known, int missing) implements OfFleet {}
}
