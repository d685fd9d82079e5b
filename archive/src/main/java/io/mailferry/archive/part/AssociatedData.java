package io.mailferry.archive.part;

import io.mailferry.archive.keys.ItemKey;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.PageId;
import io.mailferry.contracts.id.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** To what a sealed chunk is bound. Anything that differs makes it unreadable. */
final class AssociatedData {
    private static final byte[] HEADER = "mailferry/header/1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT = "mailferry/content/1".getBytes(StandardCharsets.US_ASCII);
    private static final UUID NONE = new UUID(0, 0);

    private AssociatedData() {}

    /** @param key the item's key, or the folder's for a page end */
    static byte[] header(
            TenantId tenant,
            MailboxId mailbox,
            Kind kind,
            ItemKey key,
            PageId page,
            @Nullable ContentId contentId,
            int chunk,
            boolean last) {
        ByteBuffer data = ByteBuffer.allocate(HEADER.length + 16 + 16 + 1 + 32 + 16 + 16 + 4 + 1);
        data.put(HEADER);
        put(data, tenant.value());
        put(data, mailbox.value());
        data.put((byte) kind.ordinal());
        key.write(data);
        put(data, page.value());
        put(data, contentId == null ? NONE : contentId.value());
        return data.putInt(chunk).put((byte) (last ? 1 : 0)).array();
    }

    /** Neither mailbox nor page: a later item may refer to this content. */
    static byte[] content(TenantId tenant, ContentId contentId, int chunk, boolean last) {
        ByteBuffer data = ByteBuffer.allocate(CONTENT.length + 16 + 16 + 4 + 1);
        data.put(CONTENT);
        put(data, tenant.value());
        put(data, contentId.value());
        return data.putInt(chunk).put((byte) (last ? 1 : 0)).array();
    }

    private static void put(ByteBuffer data, UUID id) {
        data.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
}
