package io.mailferry.messaging.cloudevents;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.agent.AgentHeartbeat;
import io.mailferry.contracts.agent.AgentStatus;
import io.mailferry.contracts.agent.BackupMode;
import io.mailferry.contracts.agent.PublicFolders;
import io.mailferry.contracts.exchange.CoverageGap;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.ExchangeBuild;
import io.mailferry.contracts.exchange.FailureCategory;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.exchange.SkipCause;
import io.mailferry.contracts.exchange.Trust;
import io.mailferry.contracts.export.ExportEvent;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import io.mailferry.contracts.inventory.InventoryEvent;
import io.mailferry.contracts.restore.RestoreEvent;
import io.mailferry.contracts.transition.Approval;
import io.mailferry.contracts.transition.CommandResult;
import io.mailferry.contracts.transition.DeletionProof;
import io.mailferry.contracts.transition.Outcome;
import io.mailferry.contracts.transition.TransitionCommand;
import io.mailferry.contracts.upload.UploadProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** One instance of every event, and of every choice within one. */
final class Samples {
    private static final TenantId TENANT = TenantId.of("00000000-0000-4000-8000-000000000001");
    private static final ServerId SERVER = ServerId.of("00000000-0000-4000-8000-000000000002");
    private static final AgentId AGENT = AgentId.of("00000000-0000-4000-8000-000000000003");
    private static final MailboxId MAILBOX = MailboxId.of("00000000-0000-4000-8000-000000000004");
    private static final BackupSetId SET = BackupSetId.of("00000000-0000-4000-8000-000000000005");
    private static final CommandId COMMAND = CommandId.of("00000000-0000-4000-8000-000000000006");
    private static final AttemptId ATTEMPT = AttemptId.of("00000000-0000-4000-8000-000000000007");
    private static final PageId PAGE = PageId.of("00000000-0000-4000-8000-000000000008");
    private static final RestorePointId POINT = RestorePointId.of("00000000-0000-4000-8000-000000000009");
    private static final UUID GUID = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final Instant AT = Instant.parse("2026-11-22T10:15:30Z");
    private static final ExchangeBuild CU22 = new ExchangeBuild(15, 0, 1473, 3);
    private static final ExchangeBuild CU23 = new ExchangeBuild(15, 0, 1497, 2);
    private static final SealedAddress ADDRESS = new SealedAddress("c2VhbGVkLWFkZHJlc3M");

    private Samples() {}

    static Stream<Event> all() {
        return Stream.of(agents(), inventory(), commands(), results(), exports(), uploads(), restores())
                .flatMap(List::stream);
    }

    private static List<Event> agents() {
        AgentStatus.BackupSet set = new AgentStatus.BackupSet(
                "set-1",
                "Mail",
                BackupMode.MAPI,
                true,
                true,
                1_000_000,
                500_000,
                Optional.of(new AgentStatus.LastJob(AT, AgentStatus.JobOutcome.SUCCEEDED)),
                List.of(new AgentStatus.Mailbox(GUID, ADDRESS, 300, 9_000_000)),
                Optional.of(new PublicFolders(40, 2_000_000)));
        AgentStatus.Server server =
                new AgentStatus.Server("EX01", Optional.of(CU22), Optional.of(new AgentStatus.PlannedUpdate(CU23, AT)));
        return List.of(new AgentHeartbeat(
                TENANT,
                AGENT,
                7,
                GUID,
                AT,
                AT,
                "hash",
                Optional.of(new AgentStatus("CloudBacko Pro", "4.1.0", server, List.of(set)))));
    }

    private static List<Event> inventory() {
        return List.of(
                new InventoryEvent.ServerDiscovered(TENANT, SERVER, "EX01", Optional.of(CU22)),
                new InventoryEvent.ServerConnected(TENANT, SERVER, endpoint(new Trust.Pinned("0a".repeat(32)))),
                new InventoryEvent.ExchangeUpdated(TENANT, SERVER, Optional.of(CU22), Optional.of(CU23)),
                new InventoryEvent.ExchangeUpdatePlanned(TENANT, SERVER, CU23, AT),
                new InventoryEvent.AgentRegistered(TENANT, SERVER, AGENT, "CloudBacko Pro", "3.4.2"),
                new InventoryEvent.AgentUpgraded(TENANT, SERVER, AGENT, "CloudBacko Pro", "3.4.2", "4.3.0"),
                new InventoryEvent.MailboxChanged(
                        TENANT, SERVER, MAILBOX, Optional.of(SET), ADDRESS, Optional.of(GUID), 300, 9_000_000),
                new InventoryEvent.BackupSetChanged(
                        TENANT,
                        SERVER,
                        SET,
                        AGENT,
                        "Mail",
                        BackupMode.MAPI,
                        true,
                        true,
                        1_000_000,
                        500_000,
                        1,
                        Optional.of(new PublicFolders(40, 2_000_000))),
                new InventoryEvent.BackupJobFailed(TENANT, SERVER, SET, AT),
                new InventoryEvent.BackupJobSucceeded(TENANT, SERVER, SET, AT),
                new InventoryEvent.QuotaChanged(TENANT, SERVER, SET, 1_000_000, 500_000),
                new InventoryEvent.BackupSetDisappeared(TENANT, SERVER, SET),
                new InventoryEvent.BackupSetReturned(TENANT, SERVER, SET),
                new InventoryEvent.MailboxLeft(TENANT, SERVER, MAILBOX, SET),
                new InventoryEvent.ExchangeUpdateWithdrawn(TENANT, SERVER, CU23),
                new InventoryEvent.ServerBuildDiffers(TENANT, SERVER, Optional.of(CU22), CU23),
                new InventoryEvent.ServerBuildAgrees(TENANT, SERVER, CU23),
                new InventoryEvent.AgentSilent(TENANT, SERVER, AGENT, AT),
                new InventoryEvent.AgentReturned(TENANT, SERVER, AGENT),
                new InventoryEvent.FleetSilent(TENANT, InventoryEvent.FleetSilence.AGENTS_MISSING, 1_000, 998),
                new InventoryEvent.FleetReturned(TENANT, 1_000, 7));
    }

    private static List<Event> commands() {
        return List.of(
                new TransitionCommand.EscrowAgentSettings(COMMAND, TENANT, SERVER, AGENT, AT),
                new TransitionCommand.UpgradeAgent(COMMAND, TENANT, SERVER, AGENT, "4.3", AT),
                new TransitionCommand.CreateEwsBackupSet(
                        COMMAND, TENANT, SERVER, AGENT, SET, "Mail (EWS)", List.of(GUID), AT),
                new TransitionCommand.FreezeMapiRetention(COMMAND, TENANT, SERVER, AGENT, SET, AT),
                new TransitionCommand.DisableMapiSchedule(COMMAND, TENANT, SERVER, AGENT, SET, AT),
                new TransitionCommand.DeleteMapiBackupSet(
                        COMMAND,
                        TENANT,
                        SERVER,
                        AGENT,
                        SET,
                        new DeletionProof(List.of(new DeletionProof.Proven(MAILBOX, POINT, AT)), AT),
                        "eve",
                        List.of(new Approval("ada", AT), new Approval("bob", AT)),
                        AT),
                new TransitionCommand.CancelCommand(COMMAND, TENANT, SERVER, AT),
                new TransitionCommand.ExportMailbox(
                        COMMAND,
                        TENANT,
                        SERVER,
                        MAILBOX,
                        Optional.of(SET),
                        ADDRESS,
                        endpoint(new Trust.Authority("-----BEGIN CERTIFICATE-----")),
                        AT),
                new TransitionCommand.VerifyRestorePoint(COMMAND, TENANT, SERVER, MAILBOX, Optional.empty(), AT));
    }

    private static List<Event> results() {
        return List.of(
                new CommandResult.CommandDelivered(TENANT, SERVER, COMMAND),
                new CommandResult.CommandAccepted(TENANT, SERVER, COMMAND),
                new CommandResult.CommandProgressed(TENANT, SERVER, COMMAND, 10, 2_000, 300),
                succeeded(new Outcome.SettingsEscrowed("t/x/escrow/y/z.jwe", "0b".repeat(32))),
                succeeded(new Outcome.AgentVersionReached("4.3.0")),
                succeeded(new Outcome.EwsSetCreated("set-2")),
                succeeded(new Outcome.RetentionFrozen()),
                succeeded(new Outcome.ScheduleDisabled()),
                succeeded(new Outcome.BackupSetDeleted()),
                succeeded(new Outcome.ExportFinished(POINT, 299, Map.of(SkipCause.ITEM_CORRUPT, 1L), 9_000, true)),
                succeeded(new Outcome.RestorePointProven(POINT, 299, 9_000_000, 1, 0, true)),
                new CommandResult.CommandFailed(TENANT, SERVER, COMMAND, FailureCategory.PERMANENT, "LogonDenied"),
                new CommandResult.CommandRejected(TENANT, SERVER, COMMAND, "UnknownType"),
                new CommandResult.CommandExpired(TENANT, SERVER, COMMAND),
                new CommandResult.CommandCancelled(TENANT, SERVER, COMMAND));
    }

    private static List<Event> exports() {
        return List.of(
                new ExportEvent.ServerBuildObserved(TENANT, SERVER, CU23),
                new ExportEvent.CoverageGapFound(TENANT, SERVER, MAILBOX, CoverageGap.ARCHIVE_MAILBOX));
    }

    private static List<Event> uploads() {
        return List.of(
                new UploadProgress.AttemptOpened(TENANT, MAILBOX, ATTEMPT, 1),
                new UploadProgress.PagesStored(TENANT, MAILBOX, ATTEMPT, List.of(PAGE), 2, 100, 40_000),
                new UploadProgress.PageRefused(
                        TENANT, MAILBOX, ATTEMPT, PAGE, UploadProgress.Refusal.PREDECESSOR_IS_NOT_HEAD),
                new UploadProgress.PartsRefused(TENANT, MAILBOX, ATTEMPT, UploadProgress.Refusal.ATTEMPT_CLOSED),
                new UploadProgress.RestorePointRecorded(TENANT, MAILBOX, ATTEMPT, POINT, 3, true, 299, 1, 40_000));
    }

    private static List<Event> restores() {
        return List.of(
                new RestoreEvent.RestorePointVerified(TENANT, MAILBOX, POINT, 299, 9_000_000, 1),
                new RestoreEvent.RestorePointDamaged(TENANT, MAILBOX, POINT, Map.of("ChecksumMismatch", 2L)));
    }

    private static CommandResult succeeded(Outcome outcome) {
        return new CommandResult.CommandSucceeded(TENANT, SERVER, COMMAND, outcome);
    }

    private static EwsEndpoint endpoint(Trust trust) {
        return new EwsEndpoint("https://ex01.example/EWS/Exchange.asmx", trust, "ex01", true, false);
    }
}
