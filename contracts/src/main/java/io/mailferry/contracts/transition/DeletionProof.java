package io.mailferry.contracts.transition;

import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.RestorePointId;
import java.time.Instant;
import java.util.List;

/**
 * Why a set is not needed any more.
 *
 * @param mailboxes each mailbox of the set with the restore point that holds it and was read as a whole
 * @param holdUntil before this nothing may be deleted, whatever is proven
 */
public record DeletionProof(List<Proven> mailboxes, Instant holdUntil) {
    public DeletionProof {
        mailboxes = List.copyOf(mailboxes);
    }

    /** A mailbox that is safe elsewhere. */
    public record Proven(MailboxId mailbox, RestorePointId restorePoint, Instant verifiedAt) {}
}
