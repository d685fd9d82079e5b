package io.mailferry.archive.log;

import com.fasterxml.jackson.databind.JsonNode;
import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.Damage;
import io.mailferry.archive.part.Damaged;
import io.mailferry.archive.part.Sha256;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a mailbox's log.
 *
 * @param format of the log; 1
 * @param number from 1
 * @param previous SHA-256 in hex of the bytes of the entry before; absent for the first
 * @param attempt whose work it is
 * @param writer random for each uploader process
 * @param at the writer's clock, for people; nothing is decided by it
 */
public record LogEntry(
        int format,
        TenantId tenant,
        MailboxId mailbox,
        long number,
        @Nullable String previous,
        AttemptId attempt,
        UUID writer,
        Instant at,
        Body body) {
    public static final int FORMAT = 1;

    private static final Set<String> TYPES =
            Set.of("AttemptOpened", "PagesStored", "RestorePointRecorded", "AttemptClosed");

    public byte[] bytes() {
        return ArchiveJson.write(this);
    }

    /**
     * @throws Damaged UNSUPPORTED for a later format or an unknown type, which is named; MALFORMED otherwise
     */
    static LogEntry read(long number, byte[] bytes) throws Damaged {
        String what = "log entry " + number;
        JsonNode tree = ArchiveJson.tree(bytes, what);
        int format = tree.path("format").asInt(-1);
        if (format > FORMAT) {
            throw new Damaged(Damage.UNSUPPORTED, what + " has format " + format + ", this version reads " + FORMAT);
        }
        String type = tree.path("body").path("type").asText();
        if (format == FORMAT && !TYPES.contains(type)) {
            throw new Damaged(Damage.UNSUPPORTED, what + " is of a type that this version does not know");
        }
        LogEntry entry = ArchiveJson.read(bytes, LogEntry.class, what);
        if (entry.format != FORMAT || entry.tenant == null || entry.mailbox == null || entry.attempt == null) {
            throw new Damaged(Damage.MALFORMED, what + " lacks fields");
        }
        return entry;
    }

    /** The hash by which the next entry names this one. */
    static String hash(byte[] bytes) {
        return Sha256.hex(bytes);
    }
}
