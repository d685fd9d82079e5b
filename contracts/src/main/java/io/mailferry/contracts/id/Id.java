package io.mailferry.contracts.id;

import java.util.UUID;

/** An opaque identity. Its text form is the UUID's, in JSON, SQL, keys and logs alike. */
public sealed interface Id
        permits TenantId,
                AgentId,
                ServerId,
                BackupSetId,
                MailboxId,
                PlanId,
                CommandId,
                JobId,
                AttemptId,
                PageId,
                RestorePointId,
                EventId {
    UUID value();
}
