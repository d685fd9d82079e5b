package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.KeyMissing;
import io.mailferry.archive.keys.MacKey;
import io.mailferry.archive.keys.SealingKey;
import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.ObjectStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that a mailbox is sealed with: always those of the bucket, so that every attempt uses the same. */
record MailboxKeys(MacKey mac, SealingKey sealing) {

    /**
     * What an attempt has to offer: fresh wrapped keysets for those that the bucket lacks. This service cannot put
     * objects; whoever stores the offer first wins.
     *
     * @param logIsEmpty whether nothing was ever stored for the mailbox; otherwise its keys must not be made anew
     * @param tenantHasArchive whether a mailbox of the tenant was ever stored as far as this service remembers; then
     *     the tenant's keyset must not be made anew, even if the bucket holds nothing of the tenant any more
     * @throws KeyMissing if a key is gone without which what is stored cannot be opened
     */
    static AttemptBegin begin(
            ObjectStore store,
            MailboxPlace place,
            KeyEncryptionKey kek,
            ArchiveReads reads,
            boolean logIsEmpty,
            boolean tenantHasArchive) {
        boolean macThere = isThere(store, place.macKey(), reads);
        boolean sealingThere = isThere(store, place.sealingKey(), reads);
        if (macThere && sealingThere) {
            return new AttemptBegin(null);
        }
        if (!logIsEmpty) {
            throw missing(place, macThere ? place.sealingKey() : place.macKey());
        }
        if (!macThere && (tenantHasArchive || reads.read(() -> store.holdsAny(place.tenantMailboxesPrefix())))) {
            // The uploader stores the tenant's keyset before anything of a mailbox. So the keyset is lost, unless the
            // tenant's first mailbox began on another exporter since it was looked for.
            macThere = isThere(store, place.macKey(), reads);
            if (!macThere) {
                throw missing(place, place.macKey());
            }
        }
        byte @Nullable [] mac = macThere ? null : kek.newMac();
        byte @Nullable [] sealing = sealingThere ? null : kek.newSealing(place.mailbox());
        return new AttemptBegin(new AttemptBegin.OfferedKeys(mac, sealing));
    }

    private static boolean isThere(ObjectStore store, String object, ArchiveReads reads) {
        return reads.read(() -> store.get(object)).isPresent();
    }

    private static KeyMissing missing(MailboxPlace place, String object) {
        return new KeyMissing(place.tenant(), object, "put the object back into the bucket from its backup");
    }

    /** The keys as the bucket has them, once the attempt has opened. */
    static MailboxKeys read(ObjectStore store, MailboxPlace place, KeyEncryptionKey kek, ArchiveReads reads) {
        return new MailboxKeys(
                kek.mac(required(reads.read(() -> store.get(place.macKey())), place, place.macKey())),
                kek.sealing(
                        place.mailbox(),
                        required(reads.read(() -> store.get(place.sealingKey())), place, place.sealingKey())));
    }

    private static byte[] required(Optional<byte[]> object, MailboxPlace place, String name) {
        return object.orElseThrow(
                () -> new KeyMissing(place.tenant(), name, "the uploader opened an attempt without storing it"));
    }
}
