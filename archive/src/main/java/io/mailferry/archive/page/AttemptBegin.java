package io.mailferry.archive.page;

import io.mailferry.archive.part.ArchiveJson;
import io.mailferry.archive.part.AttemptParts;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.archive.part.Damaged;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt says when it begins.
 *
 * @param keys wrapped keysets offered for the case that the bucket has none; what the bucket has wins
 */
public record AttemptBegin(@Nullable OfferedKeys keys) {
    /** @param mac the tenant's wrapped MAC keyset, if it was missing
     * @param sealing the mailbox's wrapped sealing keyset, if it was missing
     */
    public record OfferedKeys(byte @Nullable [] mac, byte @Nullable [] sealing) {}

    public List<byte[]> parts(AttemptPlace place) {
        return AttemptParts.begin(place, ArchiveJson.write(this));
    }

    public static AttemptBegin read(byte[] clear) throws Damaged {
        return ArchiveJson.read(clear, AttemptBegin.class, "attempt begin");
    }
}
