package io.mailferry.simulator.mailbox;

import io.mailferry.simulator.mail.Chance;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A live item as it was when asked for.
 *
 * @param id changes when the item is moved
 * @param changeKey changes when the item is updated, not when it is read
 * @param folder where it is
 * @param read whether it was read
 * @param edition how often its content was changed
 * @param content what it holds
 * @param spoilage what is wrong with it, or null
 * @param searchKey 16 bytes as hex that survive a move and an update
 */
public record Item(
        String id,
        String changeKey,
        Folder folder,
        boolean read,
        int edition,
        ItemContent content,
        @Nullable Spoilage spoilage,
        UUID searchKey) {

    static UUID searchKey(long mailboxSeed, ItemRef ref) {
        return new UUID(
                Chance.seedOf(mailboxSeed, ref.origin(), ref.ordinal(), 11),
                Chance.seedOf(mailboxSeed, ref.origin(), ref.ordinal(), 12));
    }
}
