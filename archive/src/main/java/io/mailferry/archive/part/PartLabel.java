package io.mailferry.archive.part;

import io.mailferry.archive.keys.FolderKey;
import io.mailferry.archive.keys.ItemKey;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is in clear on a part.
 *
 * @param page absent for begin and end of an attempt
 * @param folder the folder the page belongs to; absent where the page is
 * @param item the item, or the described folder; absent for page ends
 * @param contentId only for content and reference
 * @param number of the part in its run, from 0
 * @param headerLast the sealed header ends in this part
 * @param last the run ends with this part
 * @param clear UTF-8 JSON for whoever stores the part, or a piece of it; mostly empty
 */
public record PartLabel(
        TenantId tenant,
        MailboxId mailbox,
        AttemptId attempt,
        @Nullable PageId page,
        Kind kind,
        @Nullable FolderKey folder,
        @Nullable ItemKey item,
        @Nullable ContentId contentId,
        int number,
        boolean headerLast,
        boolean last,
        byte[] clear) {
    /** @throws IllegalArgumentException if the fields do not fit the kind */
    public PartLabel {
        require(kind.paged() == (page != null), "page");
        require(kind.paged() == (folder != null), "folder");
        require(kind.indexed() == (item != null), "item");
        require(kind.named() == (contentId != null), "contentId");
        require(number >= 0, "number");
    }

    /** Whether another part belongs to the same run as this one. */
    boolean sameRun(PartLabel other) {
        return tenant.equals(other.tenant)
                && mailbox.equals(other.mailbox)
                && attempt.equals(other.attempt)
                && kind == other.kind
                && Objects.equals(page, other.page)
                && Objects.equals(folder, other.folder)
                && Objects.equals(item, other.item)
                && Objects.equals(contentId, other.contentId);
    }

    private static void require(boolean fits, String field) {
        if (!fits) {
            throw new IllegalArgumentException("a part's " + field + " does not fit its kind");
        }
    }

    @Override
    public String toString() {
        return kind + " " + number + (last ? " last" : "") + " of attempt " + attempt + ", page " + page;
    }
}
