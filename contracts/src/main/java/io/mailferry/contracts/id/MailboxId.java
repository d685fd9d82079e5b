package io.mailferry.contracts.id;

import java.util.UUID;

/** A mailbox; bound to its Exchange GUID once that is known. */
public record MailboxId(UUID value) implements Id {
    public static MailboxId random() {
        return new MailboxId(UUID.randomUUID());
    }

    /** @throws IllegalArgumentException if the text is no UUID */
    public static MailboxId of(String text) {
        return new MailboxId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
