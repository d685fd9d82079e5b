package io.mailferry.uploader.mailbox;

import io.mailferry.archive.page.AttemptBegin;
import io.mailferry.archive.store.MailboxPlace;
import io.mailferry.archive.store.PutOutcome;
import io.mailferry.uploader.bucket.PatientStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Puts the wrapped keysets that an exporter offers, unless the bucket has some: the first ones stay for good. */
final class KeyObjects {
    private KeyObjects() {}

    static void putMissing(MailboxPlace place, PatientStore store, AttemptBegin begin)
            throws IOException, InterruptedException {
        AttemptBegin.OfferedKeys offered = begin.keys();
        if (offered != null) {
            put(store, place.macKey(), offered.mac());
            put(store, place.sealingKey(), offered.sealing());
        }
    }

    private static void put(PatientStore store, String object, byte @Nullable [] keyset)
            throws IOException, InterruptedException {
        if (keyset == null) {
            return;
        }
        store.patiently(() -> switch (store.store().putIfAbsent(object, keyset)) {
            case PutOutcome.Stored ignored -> true;
            case PutOutcome.AlreadyThere ignored -> false;
            case PutOutcome.Unconfirmed unconfirmed -> {
                if (store.store().get(object).isEmpty()) {
                    throw unconfirmed.why();
                }
                yield false;
            }
        });
    }
}
