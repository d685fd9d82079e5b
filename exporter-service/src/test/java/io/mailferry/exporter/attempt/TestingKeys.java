package io.mailferry.exporter.attempt;

import io.mailferry.archive.keys.KeyEncryptionKey;
import io.mailferry.archive.keys.TenantKeys;
import io.mailferry.archive.part.AttemptPlace;
import io.mailferry.contracts.id.AttemptId;
import io.mailferry.contracts.id.MailboxId;
import io.mailferry.contracts.id.TenantId;
import java.nio.file.Path;

/** Keys of a mailbox that exists only for a test. */
record TestingKeys(AttemptPlace place, MailboxKeys keys) {
    static TestingKeys in(Path directory) {
        AttemptPlace place = new AttemptPlace(TenantId.random(), MailboxId.random(), AttemptId.random());
        KeyEncryptionKey kek = TenantKeys.open(directory, true).keyEncryption(place.tenant());
        return new TestingKeys(
                place,
                new MailboxKeys(kek.mac(kek.newMac()), kek.sealing(place.mailbox(), kek.newSealing(place.mailbox()))));
    }
}
