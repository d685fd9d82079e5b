package io.mailferry.planner.fleet;

import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.upload.UploadProgress;
import io.mailferry.messaging.inbox.Inbound;
import io.mailferry.messaging.transaction.Transaction;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Keeps the fleet's rows in step with what is told of it. Repeating an event changes nothing. */
@Singleton
public final class FleetProjection {
    private final Clock clock;

    FleetProjection(Clock clock) {
        this.clock = clock;
    }

    /** Applies the event and keeps the server's row locked, so that what follows is decided for one event at a time. */
    public Change apply(Transaction transaction, InventoryEvent.OfServer event) {
        FleetTable fleet = new FleetTable(transaction.handle());
        fleet.know(event.tenant(), event.server());
        if (!fleet.lock(event.server())) {
            throw new Inbound.ImpossibleEvent("the server belongs to another tenant");
        }
        return switch (event) {
            case InventoryEvent.ServerDiscovered found -> {
                fleet.name(found.server(), found.name());
                fleet.build(found.server(), found.build());
                yield Change.FACTS;
            }
            case InventoryEvent.ServerConnected connected -> {
                fleet.endpoint(connected.server(), connected.endpoint());
                yield Change.FACTS;
            }
            case InventoryEvent.ExchangeUpdated updated -> {
                fleet.build(updated.server(), updated.now());
                yield Change.FACTS;
            }
            case InventoryEvent.ExchangeUpdatePlanned planned -> {
                fleet.plannedUpdate(planned.server(), new Server.PlannedUpdate(planned.build(), planned.at()));
                yield Change.FACTS;
            }
            case InventoryEvent.ExchangeUpdateWithdrawn withdrawn -> {
                fleet.noPlannedUpdate(withdrawn.server());
                yield Change.FACTS;
            }
            case InventoryEvent.AgentRegistered agent -> {
                fleet.put(agent.tenant(), agent.server(), new Agent(agent.agent(), agent.brand(), agent.version()));
                yield Change.FACTS;
            }
            case InventoryEvent.AgentUpgraded agent -> {
                fleet.put(agent.tenant(), agent.server(), new Agent(agent.agent(), agent.brand(), agent.now()));
                yield Change.FACTS;
            }
            case InventoryEvent.MailboxChanged mailbox -> mailbox(fleet, mailbox);
            case InventoryEvent.BackupSetChanged set -> {
                fleet.put(set.tenant(), backupSet(set));
                yield Change.FACTS;
            }
            case InventoryEvent.QuotaChanged quota -> {
                fleet.quota(quota.backupSet(), quota.quotaBytes(), quota.usedBytes());
                yield Change.NOTHING_TO_DECIDE;
            }
            // What a set held of a mailbox that left it is still there, so a plan goes on carrying that mailbox
            // over; and a set that its agent no longer lists keeps its plan, whose steps say what the agent answers.
            case InventoryEvent.MailboxLeft _,
                    InventoryEvent.BackupSetDisappeared _,
                    InventoryEvent.BackupSetReturned _ -> Change.NOTHING_TO_DECIDE;
            // Nothing to plan: what counts of the two builds is told as ExchangeUpdated.
            case InventoryEvent.ServerBuildDiffers _, InventoryEvent.ServerBuildAgrees _ -> Change.NOTHING_TO_DECIDE;
            case InventoryEvent.BackupJobFailed _, InventoryEvent.BackupJobSucceeded _ -> Change.NOTHING_TO_DECIDE;
            // The commands of a silent agent wait for it until they expire; nothing would be better done otherwise.
            case InventoryEvent.AgentSilent _, InventoryEvent.AgentReturned _ -> Change.NOTHING_TO_DECIDE;
        };
    }

    /** Remembers a restore point unless a newer one is known already. */
    public void apply(Transaction transaction, UploadProgress.RestorePointRecorded recorded) {
        new FleetTable(transaction.handle()).put(recorded, clock.instant());
    }

    /** Only a mailbox that is new to its set matters to a plan; its figures change with every heartbeat. */
    private static Change mailbox(FleetTable fleet, InventoryEvent.MailboxChanged event) {
        fleet.put(
                event.tenant(),
                new Mailbox(
                        event.mailbox(),
                        event.server(),
                        event.address(),
                        event.exchangeGuid(),
                        event.items(),
                        event.bytes()));
        boolean joined = event.backupSet()
                .map(set -> fleet.join(event.tenant(), set, event.mailbox()))
                .orElse(false);
        return joined ? Change.FACTS : Change.NOTHING_TO_DECIDE;
    }

    private static BackupSet backupSet(InventoryEvent.BackupSetChanged set) {
        return new BackupSet(
                set.backupSet(),
                set.server(),
                set.agent(),
                set.name(),
                set.mode(),
                set.scheduleEnabled(),
                set.retentionEnabled(),
                set.quotaBytes(),
                set.usedBytes(),
                set.mailboxes(),
                set.publicFolders());
    }
}
