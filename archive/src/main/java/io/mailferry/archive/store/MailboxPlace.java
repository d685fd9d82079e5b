package io.mailferry.archive.store;

import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the objects of a mailbox lie in the bucket. */
public record MailboxPlace(TenantId tenant, MailboxId mailbox) {
    private static final Pattern ENTRY = Pattern.compile(".*/log/([0-9]{12})\\.json");

    /** The tenant's wrapped MAC keyset. */
    public String macKey() {
        return "t/" + tenant + "/keys/mac.json";
    }

    /** What all objects of the tenant's mailboxes begin with, and its own keyset does not. */
    public String tenantMailboxesPrefix() {
        return "t/" + tenant + "/m/";
    }

    /** The mailbox's wrapped sealing keyset. */
    public String sealingKey() {
        return prefix() + "keys/sealing.json";
    }

    public String pack(UUID id) {
        return prefix() + "packs/" + id + ".avro";
    }

    public String segment(UUID id) {
        return prefix() + "index/" + id + ".avro";
    }

    /** @param number from 1 */
    public String logEntry(long number) {
        return logPrefix() + String.format(Locale.ROOT, "%012d", number) + ".json";
    }

    public String logPrefix() {
        return prefix() + "log/";
    }

    public String prefix() {
        return tenantMailboxesPrefix() + mailbox + "/";
    }

    /** The number of a log entry's object; empty for any other object. */
    public static OptionalLong logNumber(String object) {
        Matcher matcher = ENTRY.matcher(object);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
