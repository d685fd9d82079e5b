package io.mailferry.contracts.transition;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.exchange.EwsEndpoint;
import io.mailferry.contracts.exchange.SealedAddress;
import io.mailferry.contracts.id.AgentId;
import io.mailferry.contracts.id.BackupSetId;
import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the planner wants done. A command is a trigger, not the job: its receiver writes a row, acknowledges, and works
 * from the row. After {@code expiresAt} nobody may begin it.
 */
public sealed interface TransitionCommand extends Event {
    CommandId command();

    ServerId server();

    Instant expiresAt();

    @Override
    default String key() {
        return server().toString();
    }

    /** A command that inventory-service delivers to an agent. */
    sealed interface ForAgent extends TransitionCommand {
        AgentId agent();
    }

    /** The agent's settings and encryption key, encrypted to the tenant's public key, go to the bucket. */
    record EscrowAgentSettings(CommandId command, TenantId tenant, ServerId server, AgentId agent, Instant expiresAt)
            implements ForAgent {}

    record UpgradeAgent(
            CommandId command,
            TenantId tenant,
            ServerId server,
            AgentId agent,
            String minimumVersion,
            Instant expiresAt)
            implements ForAgent {}

    /** Registers the EWS set at the agent; Mailferry itself reads the mail. */
    record CreateEwsBackupSet(
            CommandId command,
            TenantId tenant,
            ServerId server,
            AgentId agent,
            BackupSetId mapiSet,
            String name,
            List<UUID> mailboxes,
            Instant expiresAt)
            implements ForAgent {
        public CreateEwsBackupSet {
            mailboxes = List.copyOf(mailboxes);
        }
    }

    /** Disables "Run Retention Policy after backup", so that the MAPI set's history survives. */
    record FreezeMapiRetention(
            CommandId command, TenantId tenant, ServerId server, AgentId agent, BackupSetId mapiSet, Instant expiresAt)
            implements ForAgent {}

    record DisableMapiSchedule(
            CommandId command, TenantId tenant, ServerId server, AgentId agent, BackupSetId mapiSet, Instant expiresAt)
            implements ForAgent {}

    /**
     * The storage's MAPI set and all it holds are deleted, which nobody can undo. inventory-service does not take the
     * sender's word: it looks at proof and approvals by itself before it gives this to an agent, and rejects it otherwise.
     *
     * @param requestedBy the operator who asked for it, who is none of the approvers
     */
    record DeleteMapiBackupSet(
            CommandId command,
            TenantId tenant,
            ServerId server,
            AgentId agent,
            BackupSetId mapiSet,
            DeletionProof proof,
            String requestedBy,
            List<Approval> approvals,
            Instant expiresAt)
            implements ForAgent {
        public DeleteMapiBackupSet {
            approvals = List.copyOf(approvals);
        }
    }

    /**
     * Nobody waits for this command of an agent any more. One that the agent has not begun is CommandCancelled at once;
     * otherwise the agent is asked to stop and says how it ended, which may be a success.
     *
     * @param command the command that is cancelled; its results go on under its id
     */
    record CancelCommand(CommandId command, TenantId tenant, ServerId server, Instant expiresAt)
            implements TransitionCommand {}

    /** @param backupSet empty for an export that an operator asked for */
    record ExportMailbox(
            CommandId command,
            TenantId tenant,
            ServerId server,
            MailboxId mailbox,
            Optional<BackupSetId> backupSet,
            SealedAddress address,
            EwsEndpoint endpoint,
            Instant expiresAt)
            implements TransitionCommand {}

    /** @param restorePoint empty for the newest one */
    record VerifyRestorePoint(
            CommandId command,
            TenantId tenant,
            ServerId server,
            MailboxId mailbox,
            Optional<RestorePointId> restorePoint,
            Instant expiresAt)
            implements TransitionCommand {}
}
