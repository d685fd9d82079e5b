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
     * @throws KeyMissing if a key is gone without which what is stored cannot be opened
     */
    static AttemptBegin begin(
            ObjectStore store, MailboxPlace place, KeyEncryptionKey kek, ArchiveReads reads, boolean logIsEmpty) {
        boolean macThere = reads.read(() -> store.get(place.macKey())).isPresent();
        boolean sealingThere = reads.read(() -> store.get(place.sealingKey())).isPresent();
        if (macThere && sealingThere) {
            return new AttemptBegin(null);
        }
        if (!logIsEmpty) {
            throw new KeyMissing(
                    place.tenant(),
                    macThere ? place.sealingKey() : place.macKey(),
                    "put the object back into the bucket from its backup");
        }
        byte @Nullable [] mac = macThere ? null : kek.newMac();
        byte @Nullable [] sealing = sealingThere ? null : kek.newSealing(place.mailbox());
        return new AttemptBegin(new AttemptBegin.OfferedKeys(mac, sealing));
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
