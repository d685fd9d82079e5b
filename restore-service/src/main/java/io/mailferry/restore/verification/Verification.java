package io.mailferry.restore.verification;

import io.mailferry.contracts.id.CommandId;
import io.mailferry.contracts.id.JobId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.ServerId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A job: to prove one restore point.
 *
 * @param wanted empty for the newest
 * @param commanded present when the planner asked, who then gets the result
 * @param attempts how often it was begun
 */
record Verification(
        JobId job,
        TenantId tenant,
        MailboxId mailbox,
        Optional<RestorePointId> wanted,
        Optional<Commanded> commanded,
        Instant requestedAt,
        int attempts,
        VerificationState state) {

    /** The planner's command behind the job. */
    record Commanded(CommandId command, ServerId server, Instant expiresAt) {}
}
