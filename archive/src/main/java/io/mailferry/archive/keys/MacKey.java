package io.mailferry.archive.keys;

import com.google.crypto.tink.Mac;
import io.mailferry.contracts.id.MailboxId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * A tenant's HMAC-SHA256 key: turns Exchange ids into item and folder keys, and signs what an attempt witnessed. Never
 * rotated, since keys of items must stay equal.
 */
public final class MacKey {
    private final Mac mac;

    MacKey(Mac mac) {
        this.mac = mac;
    }

    public ItemKey item(MailboxId mailbox, String itemId) {
        return ItemKey.of(compute("item", mailbox, itemId));
    }

    public FolderKey folder(MailboxId mailbox, String folderId) {
        return FolderKey.of(compute("folder", mailbox, folderId));
    }

    /** The pseudo folder whose pages describe the folders. */
    public FolderKey hierarchy(MailboxId mailbox) {
        return FolderKey.of(compute("hierarchy", mailbox, ""));
    }

    /** @return HMAC of purpose, a zero byte and the text */
    public byte[] sign(String purpose, String text) {
        byte[] purposeBytes = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] textBytes = text.getBytes(StandardCharsets.UTF_8);
        return compute(ByteBuffer.allocate(purposeBytes.length + 1 + textBytes.length)
                .put(purposeBytes)
                .put((byte) 0)
                .put(textBytes));
    }

    private byte[] compute(String purpose, MailboxId mailbox, String id) {
        byte[] purposeBytes = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        UUID uuid = mailbox.value();
        return compute(ByteBuffer.allocate(purposeBytes.length + 1 + 16 + idBytes.length)
                .put(purposeBytes)
                .put((byte) 0)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .put(idBytes));
    }

    private byte[] compute(ByteBuffer message) {
        try {
            return mac.computeMac(message.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC refused to compute", e);
        }
    }
}
