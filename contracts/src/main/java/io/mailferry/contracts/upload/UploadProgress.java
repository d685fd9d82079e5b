package io.mailferry.contracts.upload;

import io.mailferry.contracts.Event;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.RestorePointId;
import io.mailferry.contracts.id.TenantId;
import java.util.List;

/** What became of an attempt's parts. May be repeated or lost: who needs certainty reads the mailbox log. */
public sealed interface UploadProgress extends Event {
    MailboxId mailbox();

    AttemptId attempt();

    @Override
    default String key() {
        return mailbox().toString();
    }

    /** Every earlier attempt of the mailbox is closed; the exporter may read the log and begin. */
    record AttemptOpened(TenantId tenant, MailboxId mailbox, AttemptId attempt, long logNumber)
            implements UploadProgress {}

    /** @param sealedBytes what left the window: the encoded bytes of these pages' parts */
    record PagesStored(
            TenantId tenant,
            MailboxId mailbox,
            AttemptId attempt,
            List<PageId> pages,
            long logNumber,
            long items,
            long sealedBytes)
            implements UploadProgress {
        public PagesStored {
            pages = List.copyOf(pages);
        }
    }

    /** The exporter starts again from the log. */
    record PageRefused(TenantId tenant, MailboxId mailbox, AttemptId attempt, PageId page, Refusal reason)
            implements UploadProgress {}

    /** Parts of an attempt that is closed, unknown or cannot be stored were dropped. */
    record PartsRefused(TenantId tenant, MailboxId mailbox, AttemptId attempt, Refusal reason)
            implements UploadProgress {}

    /**
     * @param items live items
     * @param skipped items that could not be read
     */
    record RestorePointRecorded(
            TenantId tenant,
            MailboxId mailbox,
            AttemptId attempt,
            RestorePointId restorePoint,
            long logNumber,
            boolean complete,
            long items,
            long skipped,
            long sealedBytes)
            implements UploadProgress {}

    enum Refusal {
        ATTEMPT_CLOSED,
        PAGE_INCOMPLETE,
        DIGEST_MISMATCH,
        PREDECESSOR_IS_NOT_HEAD,
        PART_UNREADABLE,
        STORE_UNAVAILABLE
    }
}
