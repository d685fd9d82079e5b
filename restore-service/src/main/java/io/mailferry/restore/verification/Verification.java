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
 * @param attempts how often it was begun, without the times that it was handed back
 * @param handedBack how often a worker that had to stop gave it back
 */
record Verification(
        JobId job,
        TenantId tenant,
        MailboxId mailbox,
        Optional<RestorePointId> wanted,
        Optional<Commanded> commanded,
        Instant requestedAt,
        int attempts,
        int handedBack,
        VerificationState state) {

    /** Whether this is the first time that it is in a worker's hands. */
    boolean firstBegun() {
        return attempts == 1 && handedBack == 0;
    }

    /** The planner's command behind the job. */
    record Commanded(CommandId command, ServerId server, Instant expiresAt) {}
}
